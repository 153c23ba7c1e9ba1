import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { connectTo, gapsOf, linesOnce, portOf, readFeeds, startReceiver } from '../feed-rig.ts';

test('a second instance takes nothing over, and the first goes on', async () => {
	const base = temporaryFolder();
	const first = await startReceiver({}, base);
	const second = await startReceiver({ folder: join(base, 'other') }, base);
	expect(second.receiver.status.endpoints).toEqual([
		{
			address: `unix:${first.socketPath}`,
			kind: 'listen',
			state: 'failed',
			message: `Another AsyncZ Companion listens at ${first.socketPath} already, and goes on doing so; this one does not.`,
			clients: 0,
		},
	]);
	await second.receiver.close();
	const client = await connectTo(first.socketPath);
	client.send('a');
	expect(await linesOnce(first.folder, 'unix client', 1)).toEqual(['a']);
	await first.receiver.close();
	expect(existsSync(first.socketPath)).toBe(false);
});

test('a port that is taken is said to be, and addresses that make no sense too', async () => {
	const other = createServer().listen(0, '127.0.0.1');
	onTestFinished(() => void other.close());
	await until('the other program', () => other.listening);
	const { port } = other.address() as AddressInfo;
	const rig = await startReceiver({ listen: [`tcp:${port}`, 'tcp:10.0.0.1:80', 'x'] });
	expect(rig.receiver.status.endpoints.map(({ state, message }) => [state, message])).toEqual([
		[
			'failed',
			`tcp:127.0.0.1:${port} is in use by another program. Choose another one, or end that program.`,
		],
		['failed', expect.stringContaining('10.0.0.1 is not this machine')],
		['failed', expect.stringContaining('expected tcp:PORT, unix:/PATH or pipe:NAME')],
	]);
});

test('addresses come and go while others stay; who is hung up on has a gap', async () => {
	const rig = await startReceiver();
	const { socketPath, folder } = rig;
	const client = await connectTo(socketPath);
	client.send('a');
	await linesOnce(folder, 'unix client', 1);
	await rig.receiver.configure({ folder, listen: [`unix:${socketPath}`, 'tcp:0'], connect: [] });
	const other = await connectTo(portOf(rig));
	other.send('b');
	await linesOnce(folder, 'tcp client', 1);
	await rig.receiver.configure({ folder, listen: ['tcp:0'], connect: [] });
	await until('the unix client to be hung up on', () => client.isClosed);
	expect(gapsOf(await linesOnce(folder, 'unix client', 2))).toEqual([
		{ reason: 'The companion does not listen here any more' },
	]);
	expect(existsSync(socketPath)).toBe(false);
	other.send('c');
	expect(await linesOnce(folder, 'tcp client', 2)).toEqual(['b', 'c']);
});

test('two hundred clients at a time are two hundred feeds, each with its own lines', async () => {
	const rig = await startReceiver();
	const clients = await Promise.all(Array.from({ length: 200 }, () => connectTo(rig.socketPath)));
	for (const [at, client] of clients.entries()) {
		client.send(`{"hello":1,"source":"worker ${at}"}`, `one of ${at}`, `two of ${at}`);
	}
	await until('all lines', () => {
		const lines = rig.receiver.status.feeds.map(({ records }) => records);
		return lines.length === 200 && lines.every((count) => count === 2);
	});
	await rig.receiver.close();
	const expected = clients.map((_, at) => [`worker ${at}`, [`one of ${at}`, `two of ${at}`]]);
	expect(readFeeds(rig.folder)).toEqual(Object.fromEntries(expected));
});

test('many who say nothing make room for one another, and those who send are left alone', async () => {
	const rig = await startReceiver();
	const sender = await connectTo(rig.socketPath);
	sender.send('a');
	await linesOnce(rig.folder, 'unix client', 1);
	const silent = await Promise.all(Array.from({ length: 130 }, () => connectTo(rig.socketPath)));
	await until(
		'the oldest two to be hung up on',
		() => silent.filter((one) => one.isClosed).length === 2,
	);
	expect(silent.slice(0, 2).map(({ isClosed }) => isClosed)).toEqual([true, true]);
	sender.send('b');
	expect(await linesOnce(rig.folder, 'unix client', 2)).toEqual(['a', 'b']);
});

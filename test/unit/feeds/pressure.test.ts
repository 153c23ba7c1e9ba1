import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { connectTo, gapsOf, linesOf, startReceiver } from './feed-rig.ts';
import { frameOf } from './python-frame.ts';

const MIB = 1024 * 1024;

/** Makes it impossible to write journals: a file stands where their folder should be. */
function blockJournals(folder: string): () => void {
	writeFileSync(folder, '');
	return () => rmSync(folder);
}

test('while nothing can be written a sender of lines waits, and afterwards nothing is missing', async () => {
	const rig = await startReceiver();
	const unblock = blockJournals(rig.folder);
	const client = await connectTo(rig.socketPath);
	const lines = Array.from({ length: 400 }, (_, at) => `${at} `.padEnd(100_000, 'x'));
	let sent = 0;
	const sending = (async () => {
		for (const line of lines) {
			await new Promise((resolve) => client.socket.write(`${line}\n`, resolve));
			sent++;
		}
	})();
	// So much gets through: what the receiver holds, and what the system has on its way.
	await until('it to be full', () => sent * 100_000 >= 8 * MIB);
	const other = await connectTo(rig.socketPath);
	other.send('another feed');
	expect(sent * 100_000).toBeLessThan(10 * MIB);
	unblock();
	await sending;
	await client.end();
	await until('both to be written', () => rig.receiver.status.feeds.length === 2);
	expect(rig.receiver.status.feeds[0]).not.toHaveProperty('message');
	await rig.receiver.close();
	expect(linesOf(rig.folder, 'unix client').map((line) => line.slice(0, 4))).toEqual(
		lines.map((line) => line.slice(0, 4)),
	);
	expect(linesOf(rig.folder, 'unix client 2')).toEqual(['another feed']);
});

test('numbered lines are not acknowledged before they are written', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	client.send('{"hello":1,"source":"worker","session":"s","ack":true}');
	await until('the answer', () => client.answers.length === 1);
	client.send('a');
	await until('the ack', () => client.answers.length === 2);
	rmSync(rig.folder, { recursive: true });
	const unblock = blockJournals(rig.folder);
	client.send('b');
	const message = await until('the trouble', () => rig.receiver.status.endpoints[0]?.message);
	expect(message).toMatch(
		/^\S+ can't be written to \(.*\): what comes is held back and tried again\.$/,
	);
	expect(client.answers).toHaveLength(2);
	unblock();
	await until('the ack', () => client.answers.length === 3);
	expect(client.answers.at(-1)).toEqual({ ack: 2 });
	expect(linesOf(rig.folder, 'worker')).toEqual(['b']);
});

test('a SocketHandler is always read; what there is no room for is counted and becomes a gap', async () => {
	const rig = await startReceiver();
	const unblock = blockJournals(rig.folder);
	const client = await connectTo(rig.socketPath);
	const frames = 900;
	for (let at = 0; at < frames; at++) {
		client.write(frameOf(`${at} `.padEnd(100_000, 'x')));
	}
	await until('all of it to be read', () => client.socket.writableLength === 0);
	unblock();
	await until('it to be written', () => {
		const [feed] = rig.receiver.status.feeds;
		return feed !== undefined && feed.message === undefined;
	});
	const { records, dropped } = rig.receiver.status.feeds[0] ?? {};
	await rig.receiver.close();
	const lines = linesOf(rig.folder, 'SocketHandler');
	const kept = lines.length - 1;
	expect(kept * 100_000).toBeGreaterThan(60 * MIB);
	expect(kept * 100_000).toBeLessThan(66 * MIB);
	expect({ records, dropped }).toEqual({ records: kept, dropped: frames - kept });
	expect(gapsOf(lines)).toEqual([
		{
			records: frames - kept,
			reason: 'The disk took nothing and there was no room in memory',
		},
	]);
});

test('journals follow one another, and what is in those that were deleted stays counted', async () => {
	const rig = await startReceiver();
	const hello = '{"hello":1,"source":"worker","session":"s","ack":true}';
	const client = await connectTo(rig.socketPath);
	client.send(hello);
	await until('the answer', () => client.answers.length === 1);
	const count = 400;
	for (let at = 1; at <= count; at++) {
		client.send(`${at} `.padEnd(100_000, 'x'));
	}
	await until('the last ack', () => JSON.stringify(client.answers.at(-1)) === `{"ack":${count}}`);
	const folder = join(rig.folder, '1');
	const journals = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
	expect(journals).toHaveLength(2);
	const [first = '', second = ''] = journals.sort();
	const lines = readFileSync(join(folder, first), 'utf8').split('\n');
	expect(second).toBe(`s-${String(lines.length).padStart(16, '0')}.jsonl`);
	expect(readFileSync(join(folder, second), 'utf8')).toMatch(new RegExp(`^${lines.length} x`));
	await client.end();
	rmSync(join(folder, first));
	const again = await connectTo(rig.socketPath);
	again.send(hello);
	await until('the answer', () => again.answers.length === 1);
	expect(again.answers).toEqual([{ hello: 1, last: count }]);
});

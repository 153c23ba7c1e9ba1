import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import {
	connectTo,
	journalsOf,
	gapsOf,
	linesOf,
	portOf,
	readFeeds,
	startReceiver,
	linesOnce,
} from './feed-rig.ts';

test('plain lines of a unix socket become the journal of a feed that is named after it', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	client.send('{"message":"one"}', 'two', '');
	expect(await linesOnce(rig.folder, 'unix client', 3)).toEqual(['{"message":"one"}', 'two', '']);
	expect(journalsOf(join(rig.folder, '1'))).toEqual(['plain-0000000000000001.jsonl']);
	expect(JSON.parse(readFileSync(join(rig.folder, '1', 'feed.json'), 'utf8'))).toMatchObject({
		name: 'unix client',
		endpoint: 'unix',
	});
	expect(rig.receiver.status).toEqual({
		endpoints: [
			{ address: `unix:${rig.socketPath}`, kind: 'listen', state: 'listening', clients: 1 },
		],
		feeds: [
			{
				folder: join(rig.folder, '1'),
				name: 'unix client',
				kind: 'listen',
				protocol: 'lines',
				state: 'connected',
				since: expect.any(Number),
				peer: 'unix socket',
				records: 3,
				refused: 0,
				dropped: 0,
			},
		],
	});
	const connectedAt = rig.receiver.status.feeds[0]?.since ?? 0;
	const before = Date.now();
	await client.end();
	await until('the status', () => rig.statuses.at(-1)?.feeds[0]?.state === 'disconnected');
	const leftAt = rig.statuses.at(-1)?.feeds[0]?.since ?? 0;
	expect([connectedAt <= before, before <= leftAt, leftAt <= Date.now()]).toEqual([
		true,
		true,
		true,
	]);
});

test('a hello names the feed and is no record; names are free again when their sender has gone', async () => {
	const rig = await startReceiver();
	const hello = '{"hello":1,"source":" worker\\n1 "}';
	const first = await connectTo(rig.socketPath);
	first.send(hello, 'a');
	expect(await linesOnce(rig.folder, 'worker 1', 1)).toEqual(['a']);
	const second = await connectTo(rig.socketPath);
	second.send(hello, 'b');
	expect(await linesOnce(rig.folder, 'worker 1 2', 1)).toEqual(['b']);
	await first.end();
	const third = await connectTo(rig.socketPath);
	third.send(hello, 'c');
	expect(await linesOnce(rig.folder, 'worker 1', 2)).toEqual(['a', 'c']);
	expect(Object.keys(readFeeds(rig.folder)).sort()).toEqual(['worker 1', 'worker 1 2']);
	expect([first.answers, second.answers]).toEqual([[], []]);
});

test('lines split anywhere arrive whole, and an object that merely has a hello is a record', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	const bytes = Buffer.from('{"hello":"world"}\nzwei – ✓\r\n\x1b[1mthree\x1b[0m\n');
	for (const byte of bytes) {
		client.write(Uint8Array.of(byte));
		await new Promise((resolve) => setImmediate(resolve));
	}
	expect(await linesOnce(rig.folder, 'unix client', 3)).toEqual([
		'{"hello":"world"}',
		'zwei – ✓\r',
		'\x1b[1mthree\x1b[0m',
	]);
});

test('an orderly end is no gap, and a last line without a newline is kept', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	client.write('one\ntwo');
	await client.end();
	expect(await linesOnce(rig.folder, 'unix client', 2)).toEqual(['one', 'two']);
	const short = await connectTo(rig.socketPath);
	short.write('GE');
	await short.end();
	expect(await linesOnce(rig.folder, 'unix client', 3)).toEqual(['one', 'two', 'GE']);
});

test('a reset keeps what came and writes down that something may be missing', async () => {
	const rig = await startReceiver({ listen: ['tcp:0'] });
	const client = await connectTo(portOf(rig));
	client.write('one\nhal');
	expect(await linesOnce(rig.folder, 'tcp client', 1)).toEqual(['one']);
	client.socket.resetAndDestroy();
	await until('the gap', () => linesOf(rig.folder, 'tcp client').length === 3);
	const lines = linesOf(rig.folder, 'tcp client');
	expect(lines.slice(0, 2)).toEqual(['one', 'hal']);
	expect(gapsOf(lines)).toEqual([
		{ reason: 'The connection was reset: records on their way may be lost' },
	]);
	expect(rig.receiver.status.feeds[0]).toMatchObject({
		state: 'disconnected',
		message: 'The connection was reset: records on their way may be lost',
	});
});

test('a line that never ends takes no memory, and the one after it is whole', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	const piece = Buffer.alloc(64 * 1024, 'x');
	client.write('first\n');
	for (let at = 0; at < 160; at++) {
		client.write(piece);
	}
	client.send('', 'after');
	await until('the last line', () => linesOf(rig.folder, 'unix client').at(-1) === 'after');
	const lines = linesOf(rig.folder, 'unix client');
	expect(lines.map((line) => line.length)).toEqual([5, 2 * 1024 * 1024, 5]);
});

test.for([
	['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'An HTTP request was refused.'],
	['POST / HTTP/1.1\r\n\r\n{}', 'An HTTP request was refused.'],
	['PRI * HTTP/2.0\r\n\r\n', 'An HTTP request was refused.'],
	['\x16\x03\x01\x02\x00', 'A TLS connection was refused: feeds come in plain.'],
	[
		'\x01\x02\x03',
		'A connection was refused that began neither with text nor with a frame of Python.',
	],
	[
		'{"hello":1,"connect":true,"resume":{}}\n',
		'Another companion connected here: it has to connect to a scheduler.',
	],
	['{"hello":1,"ack":true}\n', 'A hello could not be read (ack: needs a session).'],
	[
		'{"hello":1,"session":"../x","ack":true}\n',
		'A hello could not be read (session: expected 1–64 of A–Z, a–z, 0–9, -).',
	],
] as const)('%j is hung up on, with a reason', async ([bytes, reason]) => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	client.write(Buffer.from(bytes, 'latin1'));
	await until('the receiver to hang up', () => client.isClosed);
	const { endpoints, feeds } = rig.receiver.status;
	expect(endpoints[0]?.message).toBe(reason);
	expect(feeds).toEqual([]);
	expect(client.answers).toEqual([]);
});

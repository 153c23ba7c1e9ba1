import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { Random, TEST_SCALE } from '../../support/entries.ts';
import { until } from '../../support/until.ts';
import { connectTo, gapsOf, linesOf, linesOnce, portOf, startReceiver } from './feed-rig.ts';
import { frameOf, prefixed } from './python-frame.ts';

const run = promisify(execFile);

const messagesOf = (lines: readonly string[]) =>
	lines.map((line) => (JSON.parse(line) as { message?: string }).message);

test("Python's own SocketHandler and DatagramHandler feed it, over a unix socket, TCP and UDP", async () => {
	const rig = await startReceiver({ listen: ['tcp:0'] });
	await rig.receiver.configure({
		folder: rig.folder,
		listen: ['tcp:0', `unix:${rig.socketPath}`],
		connect: [],
	});
	const script = `
import logging, logging.handlers, sys
port, path = int(sys.argv[1]), sys.argv[2]
for name, handler in [
    ("unix", logging.handlers.SocketHandler(path, None)),
    ("tcp", logging.handlers.SocketHandler("127.0.0.1", port)),
    ("udp", logging.handlers.DatagramHandler("127.0.0.1", port)),
]:
    log = logging.getLogger(name)
    log.propagate = False
    log.addHandler(handler)
    log.warning("%s works", name, extra={"task_id": "t1"})
    try:
        1 / 0
    except ZeroDivisionError:
        log.exception("%s failed", name)
    handler.close()
`;
	await run('python3', ['-c', script, String(portOf(rig)), rig.socketPath]);
	await until('six records', () => {
		const counts = rig.receiver.status.feeds.map(({ records }) => records);
		return counts.reduce((sum, count) => sum + count, 0) === 6;
	});
	await rig.receiver.close();
	const names = ['SocketHandler', 'SocketHandler 2', 'DatagramHandler'];
	const lines = names.flatMap((name) => linesOf(rig.folder, name));
	expect(messagesOf(lines).sort()).toEqual([
		'tcp failed',
		'tcp works',
		'udp failed',
		'udp works',
		'unix failed',
		'unix works',
	]);
	expect(lines.filter((line) => line.includes('ZeroDivisionError'))).toHaveLength(3);
	expect(lines.filter((line) => line.includes('"task_id": "t1"'))).toHaveLength(3);
	expect(gapsOf(lines)).toEqual([]);
});

test('frames split into single bytes arrive whole', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	for (const byte of Buffer.concat([frameOf('one'), frameOf('zwei ✓')])) {
		client.write(Uint8Array.of(byte));
		await new Promise((resolve) => setImmediate(resolve));
	}
	const lines = await linesOnce(rig.folder, 'SocketHandler', 2);
	expect(messagesOf(lines)).toEqual(['one', 'zwei ✓']);
});

test('a frame that can not be decoded is kept with its reason, and the connection goes on', async () => {
	const rig = await startReceiver();
	const client = await connectTo(rig.socketPath);
	const hostile = Buffer.from('P1\n.');
	client.write(Buffer.concat([frameOf('before'), prefixed(hostile), frameOf('after')]));
	const lines = await linesOnce(rig.folder, 'SocketHandler', 3);
	expect(messagesOf(lines)).toEqual(['before', undefined, 'after']);
	expect(JSON.parse(lines[1] ?? '')).toEqual({
		refused: {
			reason: expect.stringContaining('PERSID') as string,
			bytes: 4,
			hex: hostile.toString('hex'),
		},
	});
	expect(rig.receiver.status.feeds[0]).toMatchObject({ records: 3, refused: 1 });
});

test('half a frame at the end is a gap, and so is a length that nobody can mean', async () => {
	const rig = await startReceiver();
	const half = await connectTo(rig.socketPath);
	half.write(Buffer.concat([frameOf('one'), frameOf('two').subarray(0, 10)]));
	await half.end();
	const lines = await linesOnce(rig.folder, 'SocketHandler', 2);
	expect(gapsOf(lines)).toEqual([{ reason: 'The connection ended in the middle of a record' }]);

	const huge = await connectTo(rig.socketPath);
	huge.write(Buffer.concat([frameOf('three'), Buffer.from('7fffffff00', 'hex')]));
	await until('the receiver to hang up', () => huge.isClosed);
	const reason = 'A frame of 2,147,483,647 bytes was announced; at most 16,777,215 are read';
	expect(gapsOf((await linesOnce(rig.folder, 'SocketHandler', 4)).slice(2))).toEqual([{ reason }]);
	expect(rig.receiver.status.endpoints[0]?.message).toBe(`${reason}.`);
});

test('a datagram that is no frame is kept with its reason', async () => {
	const rig = await startReceiver({ listen: ['tcp:0'] });
	const socket = createSocket('udp4');
	onTestFinished(() => void socket.close());
	const port = portOf(rig);
	socket.send(frameOf('one'), port, '127.0.0.1');
	socket.send(Buffer.from('{"message":"two"}'), port, '127.0.0.1');
	const lines = await linesOnce(rig.folder, 'DatagramHandler', 2);
	expect(lines.filter((line) => line.startsWith('{"refused":'))).toHaveLength(1);
	expect(rig.receiver.status.feeds[0]).toMatchObject({ protocol: 'datagram', refused: 1 });
});

test('whatever bytes come, every connection ends and a good sender is not disturbed', async () => {
	const rig = await startReceiver();
	const good = await connectTo(rig.socketPath);
	good.send('{"hello":1,"source":"good"}');
	const corpus = gunzipSync(readFileSync('test/fixtures/pickle-records.jsonl.gz'));
	const random = new Random(11);
	const rounds = 150 * TEST_SCALE;
	for (let round = 0; round < rounds; round++) {
		const client = await connectTo(rig.socketPath);
		const from = random.below(corpus.length - 2_000);
		const bytes = Buffer.from(corpus.subarray(from, from + random.below(2_000)));
		for (let at = 0; at < bytes.length; at++) {
			if (random.chance(0.02)) {
				bytes[at] = random.below(256);
			}
		}
		const start = random.pick([
			'',
			'\x00',
			'\x00\x00\x00\x10',
			'{',
			'{"hello":1,',
			'GET',
			'\xff\n',
		]);
		client.write(Buffer.concat([Buffer.from(start, 'latin1'), bytes]));
		good.send(`record ${round}`);
		await client.end();
	}
	const expected = Array.from({ length: rounds }, (_, round) => `record ${round}`);
	expect(await linesOnce(rig.folder, 'good', rounds)).toEqual(expected);
});

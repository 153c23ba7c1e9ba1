import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import { FeedApp } from '../support/feed-app.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { logText, numberedMessages } from '../support/write-log.ts';

const MINUTE = 60_000;

const messagesOf = (rows: readonly EntryRow[]) => rows.map(({ message }) => message);
const hello = (source: string) => `${JSON.stringify({ hello: 1, source })}\n`;

test(
	'takes lines over its unix socket and over TCP, each connection a source with its name',
	async () => {
		const app = await FeedApp.start(['--listen', 'tcp:0']);
		const { address } = await app.untilEndpoint('tcp:127.0.0.1', 'listening');
		await app.untilEndpoint(app.socketPath, 'listening');
		expect(statSync(app.socketPath).mode & 0o777).toBe(0o600);
		expect(statSync(dirname(app.socketPath)).mode & 0o777).toBe(0o700);
		const unix = await app.connect();
		unix.write(hello('worker-1') + logText(['a', 'b']));
		const tcp = await app.connect(Number(address.split(':').at(-1)));
		tcp.write(`${logText(['c'])}2026-11-26 10:00:00 ERROR no record\n`);
		await app.untilRows(4);
		expect(messagesOf(await app.rows('source:worker-1'))).toEqual(['a', 'b']);
		const worker = await app.untilFeed('worker-1', ({ feed }) => feed?.records === 2);
		expect(worker).toMatchObject({
			type: 'feed',
			state: 'following',
			feed: { kind: 'listen', protocol: 'lines', state: 'connected', records: 2 },
		});
		const other = (await app.client.engine.getState({})).sources.find(({ id }) => id !== worker.id);
		expect(messagesOf(await app.rows(`source:"${other?.name}"`))).toEqual([
			'c',
			'2026-11-26 10:00:00 ERROR no record',
		]);
		unix.destroy();
		await app.untilFeed('worker-1', ({ feed }) => feed?.state === 'disconnected');
		await app.stop();
	},
	2 * MINUTE,
);

test(
	'opens and closes addresses as the settings say',
	async () => {
		const app = await FeedApp.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		const server = createServer((socket) => {
			socket.on('error', () => {}); // the app hangs up in the end
			socket.write(hello('theirs') + logText(['x']));
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		onTestFinished(() => void server.close());
		const { port } = server.address() as AddressInfo;
		const theirs = `tcp:127.0.0.1:${port}`;
		await app.client.engine.updateSettings({ feeds: { unix: false, tcp: 0, connect: [theirs] } });
		await app.untilEndpoint(theirs, 'connected');
		expect(messagesOf(await app.untilRows(1))).toEqual(['x']);
		await until('the socket to be gone', async () => {
			const { endpoints } = await app.client.engine.getState({});
			return endpoints.length === 1;
		});
		expect(statSync(app.socketPath, { throwIfNoEntry: false })).toBeUndefined();
		await expect(
			app.client.engine.updateSettings({
				feeds: { unix: true, tcp: 0, connect: ['tcp:example.org:80'] },
			}),
		).rejects.toMatchObject({ code: 'invalid-params' });
		expect(await app.client.host.testEndpoint({ address: theirs })).toMatchObject({ ok: true });
		expect((await app.client.host.getInfo({})).feedAddress).toBe(`unix:${app.socketPath}`);
	},
	2 * MINUTE,
);

test(
	'loses and doubles nothing while the engine is killed in the middle of a feed',
	async () => {
		const app = await FeedApp.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		const socket = await app.connect();
		socket.write(hello('worker-1'));
		const written: string[] = [];
		const timer = setInterval(() => {
			const more = numberedMessages('m', written.length, written.length + 20);
			written.push(...more);
			socket.write(logText(more));
		}, 10);
		onTestFinished(() => clearInterval(timer));
		for (let kill = 0; kill < 3; kill++) {
			await app.untilCount(written.length);
			await app.killEngine();
		}
		clearInterval(timer);
		const rows = await app.untilRows(written.length);
		expect(messagesOf(rows)).toEqual(written);
		await app.untilFeed('worker-1', ({ feed }) => feed?.records === written.length);
	},
	3 * MINUTE,
);

test(
	'a feed that is closed while it is connected comes back as a new source',
	async () => {
		const app = await FeedApp.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		const socket = await app.connect();
		socket.write(hello('worker-1') + logText(['before']));
		await app.untilRows(1);
		const { id } = await app.untilFeed('worker-1');
		await app.client.engine.closeSource({ id });
		expect(await app.rows()).toEqual([]);
		socket.write(logText(['after']));
		expect(messagesOf(await app.untilRows(1))).toEqual(['after']);
		expect((await app.untilFeed('worker-1')).id).not.toBe(id);
	},
	2 * MINUTE,
);

test(
	'a second instance takes nothing over, and says who has the place',
	async () => {
		const first = await FeedApp.start();
		await first.untilEndpoint(first.socketPath, 'listening');
		const base = temporaryFolder();
		mkdirSync(join(base, 'run'), { mode: 0o700 });
		const second = await FeedApp.start(
			['--data', join(base, 'other-data'), '--listen', `unix:${first.socketPath}`],
			base,
		);
		const { message } = await second.untilEndpoint(first.socketPath, 'failed');
		expect(message).toContain('Another AsyncZ Companion listens at');
		const socket = await first.connect();
		socket.write(logText(['to the first']));
		expect(messagesOf(await first.untilRows(1))).toEqual(['to the first']);
		await second.stop();
		const again = await first.connect();
		again.write(logText(['still']));
		await first.untilRows(2);
		expect(await first.client.host.testEndpoint({ address: 'unix:/nowhere' })).toMatchObject({
			ok: false,
		});
	},
	2 * MINUTE,
);

const SENDER = `
import logging, logging.handlers, sys
handler = logging.handlers.SocketHandler(sys.argv[1], None)
logger = logging.getLogger('jobs')
logger.addHandler(handler)
logger.setLevel(logging.DEBUG)
for number in range(200):
    logger.info('record %d', number, extra={'task_id': 'daily'})
try:
    1 / 0
except ZeroDivisionError:
    logger.exception('it failed')
handler.close()
`;

test(
	'takes what Python’s own SocketHandler sends',
	async () => {
		const app = await FeedApp.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		execFileSync('python3', ['-c', SENDER, app.socketPath]);
		const rows = await app.untilRows(201);
		expect(messagesOf(rows)).toEqual([...numberedMessages('record', 0, 200), 'it failed']);
		expect(rows[0]).toMatchObject({ level: 'INFO', logger: 'jobs', task_id: 'daily', flags: 0 });
		const failed = await app.client.engine.getEntry({ seq: rows.at(-1)?.seq ?? 0 });
		expect(failed).toMatchObject({ level: 'ERROR' });
		expect(failed?.exception).toContain('ZeroDivisionError: division by zero');
		await app.untilFeed('SocketHandler', ({ feed }) => feed?.protocol === 'socket-handler');
	},
	2 * MINUTE,
);

test(
	'an HTTP request is refused at once, and a frame that is none leaves its reason',
	async () => {
		const app = await FeedApp.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		const http = await app.connect();
		http.write('GET / HTTP/1.1\r\n\r\n');
		await closed(http);
		const frames = await app.connect();
		frames.write(Buffer.from([0, 0, 0, 3, 1, 2, 3]));
		const [row] = await app.untilRows(1, 'is:quarantined');
		expect(row?.message).toBe('A frame of 3 bytes could not be read');
		const entry = await app.client.engine.getEntry({ seq: row?.seq ?? 0 });
		expect(entry?.quarantine).toMatch(/^[A-Z].*\.$/);
	},
	2 * MINUTE,
);

async function closed(socket: Socket): Promise<void> {
	socket.resume();
	if (!socket.closed) {
		await once(socket, 'close');
	}
}

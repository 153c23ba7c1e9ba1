import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { FeedConnector } from '#feeds/connect/feed-connector.ts';
import { BackOff } from '#feeds/connect/back-off.ts';
import { FeedRegistry } from '#feeds/feed/feed-registry.ts';
import { MemoryBudget } from '#feeds/feed/memory-budget.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { gapsOf, linesOf, linesOnce, startReceiver } from '../feed-rig.ts';

/** A scheduler's side: each connection as it comes, with the lines it was sent. */
class FakeScheduler {
	readonly path: string;
	readonly sockets: Socket[] = [];
	readonly heard: string[][] = [];
	#server: Server | undefined;

	constructor(path: string) {
		this.path = path;
	}

	async listen(): Promise<void> {
		const server = createServer((socket) => {
			const lines: string[] = [];
			this.sockets.push(socket);
			this.heard.push(lines);
			socket.on('error', () => {});
			socket.on('data', (chunk: Buffer) =>
				lines.push(...chunk.toString().split('\n').slice(0, -1)),
			);
		});
		this.#server = server;
		server.listen(this.path);
		await until('the scheduler', () => server.listening);
		onTestFinished(() => this.stop());
	}

	stop(): void {
		this.#server?.close();
		for (const socket of this.sockets) {
			socket.destroy();
		}
	}

	/** The lines of connection `at`, parsed, once there are so many. */
	async hears(at: number, count: number): Promise<unknown[]> {
		const lines = await until(`${count} lines of connection ${at}`, () => {
			const heard = this.heard[at] ?? [];
			return heard.length >= count && heard;
		});
		return lines.map((line) => JSON.parse(line) as unknown);
	}

	send(at: number, ...lines: readonly string[]): void {
		this.sockets[at]?.write(lines.map((line) => `${line}\n`).join(''));
	}
}

async function startScheduler(): Promise<FakeScheduler> {
	const scheduler = new FakeScheduler(join(temporaryFolder(), 's.sock'));
	await scheduler.listen();
	return scheduler;
}

const HELLO = '{"hello":1,"source":"worker","session":"s1","ack":true,"first":1,"next":3}';

async function greet(scheduler: FakeScheduler, at: number, ...lines: string[]): Promise<void> {
	await scheduler.hears(at, 1);
	scheduler.send(at, HELLO, ...lines);
}

test('it says what it has, takes what comes after that, and acknowledges it', async () => {
	const scheduler = await startScheduler();
	const rig = await startReceiver({ listen: [], connect: [`unix:${scheduler.path}`] });
	expect(await scheduler.hears(0, 1)).toEqual([{ hello: 1, connect: true, resume: {} }]);
	scheduler.send(0, HELLO, 'one', 'two');
	await until('the ack', async () => (await scheduler.hears(0, 2)).at(-1));
	await linesOnce(rig.folder, 'worker', 2);
	expect(rig.receiver.status).toMatchObject({
		endpoints: [
			{ address: `unix:${scheduler.path}`, kind: 'connect', state: 'connected', clients: 1 },
		],
		feeds: [{ name: 'worker', kind: 'connect', protocol: 'acked', state: 'connected', records: 2 }],
	});

	scheduler.sockets[0]?.destroy();
	expect(await scheduler.hears(1, 1)).toEqual([{ hello: 1, connect: true, resume: { s1: 2 } }]);
	scheduler.send(1, HELLO, 'three');
	expect((await scheduler.hears(1, 2)).at(-1)).toEqual({ ack: 3 });
	expect(linesOf(rig.folder, 'worker')).toEqual(['one', 'two', 'three']);
});

test('a scheduler that moved to another address is not asked for what is stored already', async () => {
	const base = temporaryFolder();
	const one = await startScheduler();
	const first = await startReceiver({ listen: [], connect: [`unix:${one.path}`] }, base);
	await greet(one, 0, 'one', 'two');
	await linesOnce(first.folder, 'worker', 2);
	await first.receiver.close();
	const two = await startScheduler();
	const second = await startReceiver({ listen: [], connect: [`unix:${two.path}`] }, base);
	// It does not know that this is the same session, so it is sent all of it again.
	expect(await two.hears(0, 1)).toEqual([{ hello: 1, connect: true, resume: {} }]);
	await greet(two, 0, 'one', 'two', 'three');
	expect((await two.hears(0, 2)).at(-1)).toEqual({ ack: 3 });
	expect(linesOf(second.folder, 'worker')).toEqual(['one', 'two', 'three']);
});

test('a server that never says hello is read as lines, and each break is one gap', async () => {
	const scheduler = await startScheduler();
	const rig = await startReceiver({ listen: [], connect: [`unix:${scheduler.path}`] });
	const name = scheduler.path;
	await scheduler.hears(0, 1);
	scheduler.send(0, 'one');
	await linesOnce(rig.folder, name, 1);
	scheduler.sockets[0]?.destroy();
	await scheduler.hears(1, 1);
	scheduler.send(1, 'two');
	const lines = await linesOnce(rig.folder, name, 3);
	expect([lines[0], lines[2]]).toEqual(['one', 'two']);
	expect(gapsOf(lines)).toEqual([{ reason: 'The connection to the scheduler was lost' }]);
});

test('a web server is no scheduler', async () => {
	const scheduler = await startScheduler();
	const rig = await startReceiver({ listen: [], connect: [`unix:${scheduler.path}`] });
	await scheduler.hears(0, 1);
	scheduler.sockets[0]?.end('HTTP/1.1 400 Bad Request\r\n\r\n');
	const state = await until('a new try', () => {
		const [endpoint] = rig.receiver.status.endpoints;
		return endpoint?.state === 'retrying' && endpoint;
	});
	expect(state.message).toMatch(
		/^Retrying in 0\.[45] s: A web server answers there, which is no feed$/,
	);
});

test('what is no socket of this user is not connected to', async () => {
	const path = join(temporaryFolder(), 'file');
	const rig = await startReceiver({ listen: [], connect: [`unix:${path}`] });
	const message = () => rig.receiver.status.endpoints[0]?.message;
	await until('a reason', () => message()?.endsWith('there is no such socket'));
	writeFileSync(path, '');
	await until('the other reason', () => message()?.endsWith('it is no socket'));
	rmSync(path);
	const scheduler = new FakeScheduler(path);
	await scheduler.listen();
	chmodSync(path, 0o600);
	expect(await scheduler.hears(0, 1)).toHaveLength(1);
});

test('the times between tries double up to half a minute, and start again after a real connection', async () => {
	const scheduler = new FakeScheduler(join(temporaryFolder(), 's.sock'));
	const budget = new MemoryBudget();
	const registry = new FeedRegistry(temporaryFolder(), budget, () => {});
	onTestFinished(() => registry.close());
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
	onTestFinished(() => void vi.useRealTimers());
	const connector = new FeedConnector(
		{ type: 'unix', path: scheduler.path },
		{ registry, budget, onChange: () => {} },
		() => 0,
	);
	onTestFinished(() => connector.close());
	const waited: string[] = [];
	const nextTry = async (): Promise<void> => {
		const { message } = await untilReal(() => {
			const { status } = connector;
			return status.state === 'retrying' && vi.getTimerCount() > 0 && status;
		});
		waited.push(message ?? '');
		vi.advanceTimersToNextTimer();
	};
	await connector.open();
	for (let round = 0; round < 8; round++) {
		await nextTry();
	}
	const reason = 'there is no such socket';
	expect(waited).toEqual(
		['0.5', '1', '2', '4', '8', '16', '30', '30'].map((s) => `Retrying in ${s} s: ${reason}`),
	);
	vi.useRealTimers();
});

/** As `until`, by steps of the event loop: the clock stands still. */
async function untilReal<T>(look: () => T | false): Promise<T> {
	for (;;) {
		const found = look();
		if (found !== false) {
			return found;
		}
		await new Promise((resolve) => setImmediate(resolve));
	}
}

function times(random: () => number): number[] {
	const backOff = new BackOff(random);
	return Array.from({ length: 9 }, () => backOff.next());
}

test('tries are spread a little, and never more than half a minute apart', () => {
	expect(times(() => 0)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
	expect(times(() => 0.5)[0]).toBe(450);
	const backOff = new BackOff(() => 0);
	backOff.next();
	backOff.reset();
	expect(backOff.next()).toBe(500);
});

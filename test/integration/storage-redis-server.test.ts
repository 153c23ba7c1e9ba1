import { describe, expect, onTestFinished, test } from 'vitest';
import { RedisConnection } from '#engine/storages/redis/redis-connection.ts';
import type { RedisAddress } from '#engine/storages/redis/redis-connection.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { openRedis } from '../support/open-redis.ts';
import type { RedisServerOptions } from '../support/redis-server.ts';
import { RedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

async function serverOfTest(options: RedisServerOptions = {}): Promise<RedisServer> {
	const server = await RedisServer.start(options);
	onTestFinished(() => server.remove());
	return server;
}

test('a server that is busy with a script says so, and goes on afterwards', async () => {
	const server = await serverOfTest({ settings: ['--lua-time-limit', '50'] });
	const storage = await openRedis(server);
	const script = server.do('EVAL', 'while true do end', '0').catch(() => undefined);
	const busy = await until('the problem', async () => {
		const found = await storage.stats().catch((error: unknown) => error);
		return found instanceof Error && found.message;
	});
	expect(busy).toMatch(/is busy with somebody's script and answers nobody/);
	await server.do('SCRIPT', 'KILL');
	await script;
	expect(await storage.stats()).toEqual({ size: 0 });
	await storage.close();
});

test('a server that is still loading says so, and is opened afterwards', async () => {
	const server = await serverOfTest({
		appendonly: true,
		settings: ['--key-load-delay', '3000', '--loading-process-events-interval-bytes', '1024'],
	});
	await server.doAll(
		Array.from({ length: 500 }, (_, number) => ['XADD', `key-${number}`, '*', 'message', 'm']),
	);
	await server.do('BGREWRITEAOF');
	await until('the file', async () =>
		/aof_rewrite_in_progress:0/.test(String(await server.do('INFO', 'persistence'))),
	);
	await server.kill();
	await server.start({ isReady: false });
	const loading = await until('the problem', async () => {
		const found = await openRedis(server).then(
			(storage) => storage.close(),
			(error: unknown) => error,
		);
		return found instanceof Error && !/can't be reached/.test(found.message) && found.message;
	});
	expect(loading).toMatch(/is still loading its data from the disk; this is tried again/);
	const storage = await until('the server', () => openRedis(server).catch(() => undefined));
	await storage.close();
});

test('a server that does not answer is given up in time, and asked again on a new connection', async () => {
	const server = await serverOfTest();
	const address = parseStorageAddress(`redis://127.0.0.1:${server.port}/1`);
	const connection = new RedisConnection(address.address as RedisAddress, undefined, 300);
	onTestFinished(() => connection.close());
	expect(await connection.send(['PING'])).toBe('PONG');
	server.pause(true);
	for (let round = 0; round < 2; round++) {
		await expect(connection.send(['PING'])).rejects.toThrow(
			/^Redis at 127\.0\.0\.1:\d+ gave no answer for 0\.3 s: /,
		);
	}
	server.pause(false);
	expect(await connection.send(['PING'])).toBe('PONG');
});

describe('what a server keeps', () => {
	test.each([
		['nothing', {}, 'memory', [/keeps nothing on its disk/]],
		['everything', { appendonly: true }, 'server', []],
		['snapshots', { settings: ['--save', '3600 1'] }, 'disk', [/only now and then/]],
		[
			'the last second not',
			{ appendonly: true, settings: ['--appendfsync', 'everysec'] },
			'server',
			[/every second/],
		],
		[
			'what fits',
			{ appendonly: true, settings: ['--maxmemory', '1gb', '--maxmemory-policy', 'allkeys-lru'] },
			'server',
			[/removes whole keys when its memory is full \(maxmemory-policy allkeys-lru\)/],
		],
	])('%s', async (_, options, durability, hints) => {
		const server = await serverOfTest(options);
		const storage = await openRedis(server);
		expect(storage.abilities).toMatchObject({
			durability,
			delivery: 'at-least-once',
			follows: 'push',
			isShared: true,
		});
		const found = storage.abilities.hints ?? [];
		expect(found).toHaveLength(hints.length);
		for (const [index, hint] of hints.entries()) {
			expect(found[index]).toMatch(hint);
		}
		await storage.close();
	});
});

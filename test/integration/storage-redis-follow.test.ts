import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { openRedis } from '../support/open-redis.ts';
import { RedisServer } from '../support/redis-server.ts';
import { allEntries } from '../support/storage-pairs.ts';
import { ToldFollower } from '../support/told-follower.ts';
import { until } from '../support/until.ts';

let server: RedisServer;

beforeAll(async () => {
	server = await RedisServer.start();
});

afterAll(async () => {
	await server.remove();
});

function entries(from: number, to: number): NewEntry[] {
	return Array.from({ length: to - from }, (_, index) => ({
		ts: 1_795_342_786_278_583 + index,
		level: 'INFO',
		message: `entry ${from + index}`,
		logger: 'app',
		origin: { writer: 'w', number: from + index },
	}));
}

function messages(from: number, to: number): readonly string[] {
	return entries(from, to).map(({ message }) => message);
}

let keys = 0;

/** A stream with entries, which is followed. */
async function followed(count: number, at = server) {
	const key = `followed-${++keys}`;
	const storage = await openRedis(at, `?key=${key}&maxlen=1000000`);
	await storage.append(entries(0, count));
	const told = new ToldFollower();
	const stop = await storage.follow(told);
	onTestFinished(() => storage.close());
	return { storage, told, stop, key };
}

test('whoever appends, entries are told once and as they came, with what a query says of them', async () => {
	const { storage, told, key } = await followed(3);
	await storage.append(entries(3, 1_500));
	await server.do('XADD', key, '*', 'ts', '2026-11-22', 'message', 'other');
	await storage.append(entries(1_500, 1_510));
	await until('all of them', () => told.entries.length >= 1_508);
	expect(told.messages).toEqual([...messages(3, 1_500), 'other', ...messages(1_500, 1_510)]);
	expect((await allEntries(storage)).slice(0, 1_508)).toEqual(told.entries.toReversed());
	expect(told).toMatchObject({ resets: 0, problems: [] });
});

test('an entry that is offered again is not told again', async () => {
	const { storage, told } = await followed(3);
	await storage.append(entries(0, 8));
	await storage.append(entries(2, 10));
	await until('the last one', () => told.messages.at(-1) === 'entry 9');
	// Those before it may be told: nothing told them yet.
	expect(new Set(told.messages).size).toBe(told.messages.length);
	expect(told.messages.slice(-2)).toEqual(['entry 8', 'entry 9']);
});

describe('a stream that lost entries is to be read again', () => {
	test.each([
		['trimmed', ['XTRIM', 'MAXLEN', '2']],
		['emptied', ['XTRIM', 'MAXLEN', '0']],
		['deleted', ['DEL']],
		['set to expire', ['PEXPIRE', '1']],
		['unlinked', ['UNLINK']],
	])('%s', async (_, [command = '', ...args]) => {
		const { storage, told, key } = await followed(5);
		await server.do(command, key, ...args);
		await until('the news', () => told.resets > 0);
		await storage.append(entries(5, 6));
		await until('what came afterwards', () => told.messages.includes('entry 5'));
		expect(told.problems).toEqual([]);
	});

	test('by an entry in its middle, by its newest, and by its oldest', async () => {
		const { storage, told, key } = await followed(9);
		for (const at of [4, 0, -1]) {
			const { resets } = told;
			const gone = (await allEntries(storage)).at(at);
			await server.do('XDEL', key, gone?.id ?? '');
			await until('the news', () => told.resets > resets, { deadlineMs: 20_000 });
			expect((await allEntries(storage)).map(({ id }) => id)).not.toContain(gone?.id);
		}
	}, 40_000);

	test('by FLUSHALL, and it is followed when it comes back with ids of its own', async () => {
		const alone = await RedisServer.start();
		onTestFinished(() => alone.remove());
		const { told, key } = await followed(5, alone);
		await alone.do('FLUSHALL');
		await until('the news', () => told.resets > 0);
		await alone.do('XADD', key, '7-1', 'ts', '2026-11-22', 'message', 'low');
		await until('what came afterwards', () => told.messages.includes('low'));
		expect(told.entries).toMatchObject([{ id: '7-1', seq: 7 * 4_096 + 1 }]);
	});

	test('by ids that were set back', async () => {
		const { told, key } = await followed(5);
		await server.doAll([
			['DEL', key],
			['XADD', key, '7-1', 'message', 'before'],
		]);
		await until('the news', () => told.resets > 0);
		await server.do('XADD', key, '7-2', 'message', 'after');
		await until('what came afterwards', () => told.messages.includes('after'));
		expect(told.problems).toEqual([]);
	});
});

test('a key of another type is a problem until it is a stream again', async () => {
	const { storage, told, key } = await followed(5);
	await server.doAll([
		['DEL', key],
		['SET', key, 'text'],
	]);
	await until('the problem', () => told.problems.length > 0);
	expect(told.problems[0]).toMatch(/is no stream but something else: choose another key/);
	await server.do('DEL', key);
	await until('its end', () => told.problems.at(-1) === undefined);
	await storage.append(entries(5, 7));
	await until('what came afterwards', () => told.messages.includes('entry 6'));
	expect(told.resets).toBeGreaterThan(0);
});

test('an id without room in a number lets followers read again, without numbers', async () => {
	const { storage, told, key } = await followed(2);
	await server.do('XADD', key, '9007199254740993-5', 'ts', '2026-11-22', 'message', 'wild');
	await until('the news', () => told.resets > 0);
	expect(told.entries).toMatchObject([{ id: '9007199254740993-5' }]);
	expect((await allEntries(storage)).map(({ seq }) => seq)).toEqual([
		undefined,
		undefined,
		undefined,
	]);
});

test('a stream that is full is told to be read again, while entries go on being told', async () => {
	const { told, key } = await followed(300);
	const ring = await openRedis(server, `?key=${key}&maxlen=200`);
	for (let end = 400; end <= 3_300; end += 100) {
		await ring.append(entries(end - 100, end));
		await until('all of them', () => told.entries.length === end - 300);
	}
	await until('the news', () => told.resets > 0);
	expect(told.messages).toEqual(messages(300, 3_300));
	await ring.close();
});

test('after a restart of the server it goes on where it was, and says what is wrong meanwhile', async () => {
	const durable = await RedisServer.start({ appendonly: true });
	onTestFinished(() => durable.remove());
	const { storage, told } = await followed(5, durable);
	await durable.kill();
	await until('the problem', () => told.problems.length > 0);
	expect(told.problems[0]).toMatch(
		/^Redis at 127\.0\.0\.1:\d+ (?:ended the connection|can't be reached)/,
	);
	await expect(storage.append(entries(5, 6))).rejects.toMatchObject({
		code: 'storage-failed',
		message: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ /),
	});
	await expect(storage.stats()).rejects.toThrow(/^Redis at /);
	await durable.start();
	await storage.append(entries(5, 8));
	await until('what came afterwards', () => told.messages.includes('entry 7'));
	await until('the end of the problem', () => told.problems.at(-1) === undefined);
	expect(told.messages).toEqual(messages(5, 8));
	expect(told.resets).toBe(0);
});

test('a server that forgot what it had is read again', async () => {
	const forgetful = await RedisServer.start();
	onTestFinished(() => forgetful.remove());
	const { storage, told } = await followed(5, forgetful);
	await forgetful.kill();
	await forgetful.start();
	await storage.append(entries(5, 7));
	await until('what came afterwards', () => told.messages.includes('entry 6'));
	await until('the news', () => told.resets > 0);
	expect((await allEntries(storage)).map(({ message }) => message)).toEqual(['entry 6', 'entry 5']);
});

test('who stopped following is told nothing more', async () => {
	const { storage, told, stop } = await followed(2);
	await stop();
	const other = new ToldFollower();
	await storage.follow(other);
	await storage.append(entries(2, 4));
	await until('the other one', () => other.entries.length === 2);
	expect(told.entries).toEqual([]);
});

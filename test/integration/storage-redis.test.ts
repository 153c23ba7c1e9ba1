import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messageOf } from '#shared/errors.ts';
import type { NewEntry, StoredEntry } from '#engine/storages/log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import { Random } from '../support/entries.ts';
import { openRedis } from '../support/open-redis.ts';
import { runPython } from '../support/python-env.ts';
import { pythonWithRedis, SEED_STORAGE } from '../support/python-redis.ts';
import { RedisServer } from '../support/redis-server.ts';
import { allEntries, comparePairs, randomNewEntries, SOURCES } from '../support/storage-pairs.ts';

let server: RedisServer;

beforeAll(async () => {
	server = await RedisServer.start();
});

afterAll(async () => {
	await server.remove();
});

const TS = 1_795_342_786_278_583;

function entry(message: string, fields: Partial<NewEntry> = {}): NewEntry {
	return { ts: TS, level: 'INFO', message, logger: 'app', ...fields };
}

function messagesOf(entries: readonly StoredEntry[]): readonly string[] {
	return entries.map(({ message }) => message);
}

test('20,000 random (entry, query) pairs are what matchFilter says', async () => {
	const random = new Random(11);
	const storage = await openRedis(server, '?key=pairs');
	await storage.append(randomNewEntries(random, 150));
	expect(await comparePairs(storage, random, 140)).toBe(21_000);
	await storage.close();
});

test('a query reaches over pages of the server, and no entry is left out', async () => {
	const random = new Random(12);
	const storage = await openRedis(server, '?key=long&maxlen=100000');
	const given = randomNewEntries(random, 9_000);
	await storage.append(given);
	expect(messagesOf(await allEntries(storage))).toEqual(
		messagesOf(given as StoredEntry[]).toReversed(),
	);
	expect(await comparePairs(storage, random, 3)).toBe(27_000);
	await storage.close();
});

describe('Python nodes', () => {
	test.each(['str', 'json', 'short', 'empty', 'float'])(
		'what the seed writes, values as strings by "%s", is read as it was meant',
		async (strings) => {
			const key = `python-${strings}`;
			runPython(pythonWithRedis(), [
				'-c',
				`${SEED_STORAGE}
storage = RedisLogStorage("redis://127.0.0.1:${server.port}", "${key}", strings="${strings}")
at = datetime(2026, 11, 22, 10, 19, 46, 278583, tzinfo=timezone.utc)
storage.append(LogEntry(at, "INFO", "plain", "asyncz.schedulers"))
storage.append(LogEntry(at, "ERROR", "größer \\0 \\U0001f600", "asyncz.task", "daily-report",
    {"rows": 1520, "ok": True, "none": None, "user": {"name": "it's"}, "list": [1, 2.5]}))
`,
			]);
			const storage = await openRedis(server, `?key=${key}`);
			const [withAll, plain] = await allEntries(storage);
			expect(plain).toMatchObject({ ts: TS, level: 'INFO', message: 'plain' });
			expect(plain).not.toHaveProperty('task_id');
			expect(plain).not.toHaveProperty('extra');
			expect(withAll).toMatchObject({
				ts: TS,
				level: 'ERROR',
				message: 'größer \0 \u{1f600}',
				logger: 'asyncz.task',
				task_id: 'daily-report',
				extra:
					'{"rows": 1520, "ok": true, "none": null, "user": {"name": "it\'s"}, "list": [1, 2.5]}',
			});
			await storage.close();
		},
	);

	test('read what we write with the seed, LogEntry(**fields)', async () => {
		const storage = await openRedis(server, '?key=ours');
		const extra = '{"n": 9007199254740993}';
		await storage.append([
			entry('first'),
			entry('größer \0', { task_id: 't', extra, origin: { writer: 'w', number: 7 } }),
		]);
		const printed = runPython(pythonWithRedis(), [
			'-c',
			`${SEED_STORAGE}
for entry in RedisLogStorage("redis://127.0.0.1:${server.port}", "ours").query():
    print(json.dumps([datetime.fromisoformat(entry.ts).timestamp(), entry.level, entry.message,
        entry.logger, entry.task_id, json.loads(entry.extra).get("n")]))
`,
		]);
		expect(
			printed
				.trim()
				.split('\n')
				.map((line) => line.replace(/^\["?/, '[')),
		).toEqual([
			'[1795342786.278583, "INFO", "gr\\u00f6\\u00dfer \\u0000", "app", "t", 9007199254740993]',
			'[1795342786.278583, "INFO", "first", "app", null, null]',
		]);
		await storage.close();
	});
});

test('bytes that are no UTF-8 are shown, with signs in their place', async () => {
	runPython(pythonWithRedis(), [
		'-c',
		`import redis
client = redis.from_url("redis://127.0.0.1:${server.port}")
client.xadd("bytes", {"ts": "2026-11-22 10:19:46", "level": "INFO", "message": b"caf\\xe9", "logger": b"\\xff\\xfe"})
`,
	]);
	const storage = await openRedis(server, '?key=bytes');
	const [found] = await allEntries(storage);
	expect(found).toMatchObject({ message: 'caf\ufffd', logger: '\ufffd\ufffd' });
	expect(found).not.toHaveProperty('problem');
	await storage.close();
});

test('what is no log entry is shown as its fields, with the problem', async () => {
	await server.do('XADD', 'foreign', '*', 'temperature', '20.5');
	const storage = await openRedis(server, '?key=foreign');
	const [found] = await allEntries(storage);
	expect(found).toMatchObject({
		message: '{"temperature": "20.5"}',
		problem: expect.stringContaining('no field message'),
	});
	await storage.close();
});

describe('entries that are offered again', () => {
	const offered = Array.from({ length: 40 }, (_, number) =>
		entry(`entry ${number}`, { ts: TS + number, origin: { writer: 'w-1', number } }),
	);

	test('are there once, in both orders and in pages of any size, under the same id', async () => {
		const storage = await openRedis(server, '?key=again');
		await storage.append(offered.slice(0, 20));
		const before = await allEntries(storage);
		await storage.append(offered.slice(10, 30));
		await storage.append(offered.slice(15));
		const all = await allEntries(storage);
		expect(messagesOf(all).toSorted()).toEqual(messagesOf(offered as StoredEntry[]).toSorted());
		expect(all.filter(({ id }) => before.some((known) => known.id === id))).toHaveLength(20);
		expect(await server.do('XLEN', 'again')).toBe(65);
		for (const order of ['arrival', 'time'] as const) {
			for (const limit of [1, 3, 7]) {
				const found: StoredEntry[] = [];
				for (let isEnd = false; !isEnd;) {
					const last = found.at(-1);
					const wish = { order, limit, ...(last === undefined ? {} : { before: last }) };
					const page = await storage.query(storageQuery({}, SOURCES, wish));
					found.push(...page.entries);
					isEnd = page.isEnd;
				}
				expect(found.map(({ id }) => id).toSorted()).toEqual(all.map(({ id }) => id).toSorted());
			}
		}
		await storage.close();
	});

	test('are there once for somebody who never saw the first of them', async () => {
		const storage = await openRedis(server, '?key=again');
		expect(messagesOf(await allEntries(storage)).toSorted()).toEqual(
			messagesOf(offered as StoredEntry[]).toSorted(),
		);
		await storage.close();
	});

	test('are others if they are another writer’s', async () => {
		const storage = await openRedis(server, '?key=writers');
		await storage.append([
			entry('a', { origin: { writer: 'one', number: 1 } }),
			entry('a', { origin: { writer: 'two', number: 1 } }),
			entry('a'),
			entry('a'),
		]);
		expect(await allEntries(storage)).toHaveLength(4);
		await storage.close();
	});
});

describe('ids without room in a number', () => {
	test.each([
		['a number from 4,096 on, as after the clock was set back', '1792000000000-4096'],
		['milliseconds of a wild clock', '1792000000000000-1'],
		['the last id but one', '18446744073709551615-18446744073709551614'],
	])('%s: no entry has a number then, and all have their place', async (_, id) => {
		const key = `wild-${id}`;
		const others = ['1792000000000-1', '1792000000000-2'];
		for (const known of [...others, id]) {
			await server.do('XADD', key, known, 'ts', '2026-11-22', 'message', known);
		}
		const storage = await openRedis(server, `?key=${key}`);
		const page = (before?: StoredEntry) =>
			storage.query(
				storageQuery({}, SOURCES, {
					order: 'arrival',
					limit: 2,
					...(before === undefined ? {} : { before }),
				}),
			);
		const first = await page();
		expect(first.entries.map((found) => [found.id, found.seq])).toEqual([
			[id, undefined],
			['1792000000000-2', undefined],
		]);
		const second = await page(first.entries[1]);
		expect(second).toMatchObject({ entries: [{ id: '1792000000000-1' }], isEnd: true });
		expect((await page(first.entries[0])).entries.map((found) => found.id)).toEqual(
			others.toReversed(),
		);
		await storage.close();
	});
});

test('stats are those of the server', async () => {
	const storage = await openRedis(server, '?key=counted&maxlen=100');
	expect(await storage.stats()).toEqual({ size: 0 });
	await storage.append(Array.from({ length: 1_000 }, (_, number) => entry(`entry ${number}`)));
	const stats = await storage.stats();
	expect(stats).toMatchObject({ appended: 1_000, dropped: 1_000 - stats.size });
	expect(stats.size).toBe(await server.do('XLEN', 'counted'));
	// Approximately: nodes of the stream are removed as a whole.
	expect(stats.size).toBeGreaterThanOrEqual(100);
	expect(stats.size).toBeLessThan(300);
	expect(stats.bytes).toBeGreaterThan(1_000);
	await storage.close();
});

test('a stream that is not there can not be read, and those there are are named', async () => {
	await server.do('XADD', 'a-stream', '*', 'message', 'one');
	await server.do('SET', 'no-stream', '1');
	const message = await openRedis(server, '?key=typo', undefined, 'read').catch(messageOf);
	expect(message).toMatch(
		/^There is no stream typo in the database 0 of Redis at .*\. Streams there: .*\ba-stream\b/,
	);
	expect(message).not.toContain('no-stream');
	expect(await server.do('EXISTS', 'typo')).toBe(0);
	const storage = await openRedis(server, '?key=a-stream', undefined, 'read');
	expect(await storage.stats()).toMatchObject({ size: 1 });
	await storage.close();
});

test('an entry is found by its number', async () => {
	const storage = await openRedis(server, '?key=got');
	await storage.append([entry('a'), entry('b', { task_id: 't' })]);
	const [b, a] = await allEntries(storage);
	expect(await storage.own.get?.(a?.seq ?? 0)).toEqual(a);
	expect(await storage.own.get?.(b?.seq ?? 0)).toEqual(b);
	expect(await storage.own.get?.((b?.seq ?? 0) + 1)).toBeUndefined();
	await storage.close();
});

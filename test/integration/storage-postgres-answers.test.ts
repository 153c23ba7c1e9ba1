import assert from 'node:assert/strict';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { countedTexts, toldFacet } from '#engine/shapes/facet.ts';
import { histogramOf, severityClass } from '#engine/shapes/histogram.ts';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { StorageClient } from '#engine/storages/storage-client.ts';
import { ONLY_READ } from '#engine/storages/storage-use.ts';
import { testStorage } from '#engine/test-storage.ts';
import { QueryableEntry } from '#engine/storages/queryable-entry.ts';
import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Filter, Shape } from '#shared/model/query.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import { BUILT } from '../support/built.ts';
import { Random } from '../support/entries.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { allEntries, randomNewEntries, randomStorageFilter } from '../support/storage-pairs.ts';
import { until } from '../support/until.ts';

const FACETS = ['level', 'task_id', 'logger', 'user', 'user.id', 'tags', 'message'] as const;

let server: PostgresServer;
let database: string;
let storage: PostgresLogStorage;
let entries: readonly QueryableEntry[];
const random = new Random(11);

beforeAll(async () => {
	server = await startPostgres();
	database = await server.createDatabase();
	storage = await PostgresLogStorage.open(postgresAccess(server, database));
	await storage.append(randomNewEntries(random, 600));
	entries = (await allEntries(storage)).map((entry) => new QueryableEntry(entry));
}, 120_000);

afterAll(async () => {
	await storage?.close();
	await server?.remove();
}, 60_000);

test('Counts, stretches and shapes of any query are exact, or left to the newest entries', async () => {
	const answered = { count: 0, shape: 0, asked: 0 };
	for (let asked = 0; asked < 120; asked++) {
		const filter = randomStorageFilter(random, entries);
		const question = JSON.stringify(filter);
		const expected = entries.filter(compileFilter(filter));
		answered.asked++;

		const count = await storage.own.count(filter);
		const errors = expected.filter(({ severity }) => severity >= 40).length;
		const counted = { matched: expected.length, errors, searched: 1, complete: true };
		assert.deepEqual(count ?? counted, counted, question);
		answered.count += count === undefined ? 0 : 1;

		const wish = { ...filter, order: 'time', offset: 3, limit: 20 } as const;
		const byTime = expected.toSorted((a, b) => b.ts - a.ts || b.seq - a.seq).slice(3, 23);
		const stretch = byTime.map(({ stored }) => stored);
		assert.deepEqual((await storage.own.stretch(wish)) ?? stretch, stretch, question);

		const facets = FACETS.map((field) => ({ field, limit: 5 }));
		const shape = await storage.own.shape({ ...filter, buckets: 40, facets });
		const shaped = shapeOf(filter, expected);
		assert.deepEqual(shape ?? shaped, shaped, question);
		answered.shape += shape === undefined ? 0 : 1;
	}
	expect(answered.count).toBeGreaterThan(answered.asked / 2);
	expect(answered.shape).toBeGreaterThan(answered.asked / 2);
}, 120_000);

test('What a regular expression finds is told from all rows, as it is counted', async () => {
	const filter = { query: 'message:/(done|after \\d)/ OR task:nightly' };
	const expected = entries.filter(compileFilter(filter)).map(({ stored }) => stored);
	expect((await storage.own.count(filter))?.matched).toBe(expected.length);
	const wish = { ...filter, order: 'arrival', offset: 5, limit: 1_000 } as const;
	expect(await storage.own.stretch(wish)).toEqual(expected.slice(5));
	const byTime = expected.toSorted((a, b) => b.ts - a.ts || (b.seq ?? 0) - (a.seq ?? 0));
	expect(await storage.own.stretch({ ...wish, order: 'time', offset: 0, limit: 7 })).toEqual(
		byTime.slice(0, 7),
	);
});

test('An entry is found by its number, and what stands above one by its time', async () => {
	const entry = entries[entries.length >> 1];
	expect(await storage.own.get(entry?.seq ?? 0)).toEqual(entry?.stored);
	expect(await storage.own.get(999_999)).toBeUndefined();
	const place = { ts: entry?.ts ?? 0, seq: entry?.seq ?? 0 };
	const above = entries.filter(
		({ ts, seq }) => ts > place.ts || (ts === place.ts && seq > place.seq),
	);
	expect((await storage.own.count({ above: place }))?.matched).toBe(above.length);
	expect((await storage.own.count({ after: place.seq, up_to: place.seq + 10 }))?.matched).toBe(10);
});

test('Values are those of all rows, what begins with the search first', async () => {
	const counts = new Map<string, number>();
	for (const { task_id } of entries) {
		if (task_id?.toLowerCase().includes('n')) {
			counts.set(task_id, (counts.get(task_id) ?? 0) + 1);
		}
	}
	const list = await storage.own.values({ field: 'task_id', search: 'n', limit: 20 });
	expect(new Map(list?.values.map(({ value, count }) => [value, count]))).toEqual(counts);
	expect(list?.values[0]?.value.toLowerCase()).toBe('nightly');
});

test('In its thread it answers the table over all rows, its source by its name', async () => {
	const { address, password } = postgresAccess(server, database);
	const client = new StorageClient(
		BUILT.storage,
		{ address: formatStorageAddress(address), password, follows: true },
		{ onChange: () => {}, onReopened: () => {} },
	);
	onTestFinished(() => client.close());
	const errors = entries.filter(({ severity }) => severity >= 40);
	const filter = { query: 'is:error' };
	const page = await fully(() => client.query({ ...filter, limit: 10, offset: 5 }));
	expect(page.rows.map(({ seq }) => seq)).toEqual(errors.slice(5, 15).map(({ seq }) => seq));
	expect(await fully(() => client.count(filter))).toMatchObject({ matched: errors.length });
	const facets = ['POSTGRES', 'absent'].map((search) => ({ field: 'source', limit: 5, search }));
	const shape = await fully(() => client.shape({ ...filter, facets }));
	expect(shape.over).toBeUndefined();
	expect(shape.facets.map(({ values }) => values)).toEqual([
		[{ value: 'Postgres asyncz_logs at 127.0.0.1', count: errors.length }],
		[],
	]);
	// A slice of time may end before the newest entries are here.
	const names = await until('the source among the values', async () => {
		const { values } = await client.getValues({ field: 'source', search: 'post', limit: 5 });
		return values.length > 0 && values.map(({ value }) => value);
	});
	expect(names).toEqual(['Postgres asyncz_logs at 127.0.0.1']);
});

test('A table that is taken away is made again by the next entries, and asked again', async () => {
	const own = await server.createDatabase();
	const { address, password } = postgresAccess(server, own);
	let reopened = 0;
	const client = new StorageClient(
		BUILT.storage,
		{ address: formatStorageAddress(address), password, follows: true },
		{ onChange: () => {}, onReopened: () => reopened++ },
	);
	onTestFinished(() => client.close());
	const entry = { ts: 1, level: 'INFO', message: 'before', logger: 'app' };
	await client.append([entry]);
	expect(await fully(() => client.count({}))).toMatchObject({ matched: 1 });
	await server.run('DROP TABLE asyncz_logs', own);
	await expect(client.append([entry])).rejects.toThrow(
		/asyncz_logs is not as it was.* opened again/,
	);
	await until('it to be opened again', () => reopened === 1);
	await client.append([{ ...entry, message: 'after' }]);
	const { rows } = await fully(() => client.query({ limit: 10 }));
	expect(rows.map(({ message }) => message)).toEqual(['after']);
	expect(await fully(() => client.count({}))).toMatchObject({ matched: 1 });
});

test('What is only tested makes nothing, and says what would be made', async () => {
	const empty = await server.createDatabase();
	const { address, password } = postgresAccess(server, empty, { table: 'tpyo' });
	const found = await testStorage(formatStorageAddress(address), {
		thread: BUILT.storage,
		passwordOf: () => password,
		local: () => ({}),
	});
	expect(found).toMatchObject({ ok: true, stats: { size: 0 }, abilities: { delivery: 'once' } });
	expect(found.abilities?.hints).toEqual([
		'There is no table public.tpyo yet: it is made when it is used.',
	]);
	const made = "SELECT count(*)::text FROM pg_class WHERE relnamespace = 'public'::regnamespace";
	const client = await server.connect(empty);
	expect((await client.query(made)).rows).toEqual([{ count: '0' }]);
	// Nor does who only reads, and is told what is there instead.
	const read = (from: string) =>
		PostgresLogStorage.open({ ...postgresAccess(server, from, { table: 'tpyo' }), use: 'read' });
	await expect(read(empty)).rejects.toThrow(/There is no table tpyo in .* No table there has/);
	await expect(read(database)).rejects.toThrow(
		`There is no table tpyo in the database ${database} at 127.0.0.1:${server.port}. With the columns of entries there is: asyncz_logs. Name one with table=…`,
	);
	expect((await client.query(made)).rows).toEqual([{ count: '0' }]);
	await client.end();
	// Using it does make it.
	const storage = await PostgresLogStorage.open(postgresAccess(server, empty, { table: 'tpyo' }));
	expect((await storage.stats()).size).toBe(0);
	await storage.close();
	const reading = await read(empty);
	expect([reading.abilities.readOnly, (await reading.stats()).size]).toEqual([ONLY_READ, 0]);
	await reading.close();
});

test('A table that a user may only read is one to look at, and is written to once that is allowed', async () => {
	const own = await server.createDatabase();
	await server.run(
		`CREATE ROLE looker LOGIN PASSWORD '${server.password}'; CREATE TABLE asyncz_logs (ts timestamptz, level text, message text, logger text, task_id text, extra jsonb); GRANT SELECT ON asyncz_logs TO looker; INSERT INTO asyncz_logs VALUES (now(), 'INFO', 'hello', 'x')`,
		own,
	);
	const access = postgresAccess(server, own, { user: 'looker' });
	const tested = await testStorage(formatStorageAddress(access.address), {
		thread: BUILT.storage,
		passwordOf: () => access.password,
		local: () => ({}),
	});
	expect(tested).toMatchObject({
		ok: true,
		message: 'Postgres asyncz_logs at 127.0.0.1 can be read, not written to: it has 1 entry.',
		abilities: { readOnly: expect.stringMatching(/may only read.*GRANT INSERT/) },
	});
	const looked = await PostgresLogStorage.open(access);
	onTestFinished(() => looked.close());
	await expect(looked.append(randomNewEntries(random, 1))).rejects.toThrow(/may only read/);
	await server.run('GRANT INSERT ON asyncz_logs TO looker', own);
	await looked.append(randomNewEntries(random, 1));
	expect(looked.abilities.readOnly).toBeUndefined();
	expect((await looked.stats()).size).toBe(2);
});

/** A shape as the newest entries are looked at for it. */
function shapeOf(filter: Filter, found: readonly QueryableEntry[]): Shape {
	const times = found.map(({ ts }) => ts);
	const classes = SEVERITY_CLASSES.length;
	const { histogram } =
		found.length === 0
			? { histogram: undefined }
			: histogramOf(
					{
						times: () => ({ first: Math.min(...times), last: Math.max(...times), isAll: true }),
						countIn: ({ from, width, count }) => {
							const counts = new Uint32Array(count * classes);
							for (const { ts, severity } of found) {
								const bucket = Math.floor((ts - from) / width);
								if (bucket >= 0 && bucket < count) {
									const place = bucket * classes + severityClass(severity);
									counts[place] = (counts[place] ?? 0) + 1;
								}
							}
							return { counts, complete: true };
						},
					},
					{ ...filter, buckets: 40, matched: found.length },
				);
	return {
		matched: found.length,
		searched: 1,
		complete: true,
		...(histogram === undefined ? {} : { histogram }),
		facets: FACETS.map((field) => {
			const values = new Map<string, number>();
			let missing = 0;
			for (const entry of found) {
				const texts = countedTexts(entry, fieldPath(field), new Map());
				missing += texts.size === 0 ? 1 : 0;
				for (const text of texts) {
					values.set(text, (values.get(text) ?? 0) + 1);
				}
			}
			return toldFacet({ field, limit: 5 }, { values, missing, untold: 0 }, 1);
		}),
	};
}

/** Asks until the answer is the whole one. */
async function fully<T extends { readonly complete: boolean }>(ask: () => Promise<T>): Promise<T> {
	for (;;) {
		const answer = await ask();
		if (answer.complete) {
			return answer;
		}
	}
}

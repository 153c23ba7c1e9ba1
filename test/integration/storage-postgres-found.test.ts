import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import type { NewEntry, StoredEntry } from '#engine/storages/log-storage.ts';
import { NOW, Random } from '../support/entries.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { allEntries, comparePairs, randomNewEntries } from '../support/storage-pairs.ts';

let server: PostgresServer;
let database: string;
const opened: PostgresLogStorage[] = [];

beforeAll(async () => {
	server = await startPostgres();
	await server.run(`CREATE ROLE reader LOGIN PASSWORD '${server.password}'`);
	await server.run(`CREATE ROLE writer LOGIN PASSWORD '${server.password}'`);
}, 120_000);

afterAll(() => server?.remove(), 60_000);

beforeEach(async () => {
	database = await server.createDatabase();
});

afterEach(async () => {
	await Promise.all(opened.splice(0).map((storage) => storage.close()));
});

async function open(table = 'asyncz_logs', user?: string): Promise<PostgresLogStorage> {
	const storage = await PostgresLogStorage.open(
		postgresAccess(server, database, { table, ...(user === undefined ? {} : { user }) }),
	);
	opened.push(storage);
	return storage;
}

const entry = (message: string, more: Partial<NewEntry> = {}): NewEntry => ({
	ts: NOW * 1_000,
	level: 'INFO',
	message,
	logger: 'asyncz.task',
	...more,
});

const INSERT = `INSERT INTO asyncz_logs (ts, level, message, logger, task_id, extra) VALUES`;

/** Tables as others may have made them. */
const FOUND = {
	'the seed’s columns and no more':
		'CREATE TABLE asyncz_logs (ts timestamptz, level text, message text, logger text, task_id text, extra jsonb)',
	'an id, columns in another order, and more of them':
		'CREATE TABLE asyncz_logs (extra jsonb, node text DEFAULT 1, id bigserial PRIMARY KEY, message varchar, task_id varchar(200), logger varchar(200), level varchar(20) NOT NULL, ts timestamptz NOT NULL)',
	'times without a zone, extra as json':
		'CREATE TABLE asyncz_logs (id serial PRIMARY KEY, ts timestamp, level text, message text, logger text, task_id text, extra json)',
	'extra as text':
		'CREATE TABLE asyncz_logs (id serial UNIQUE, ts timestamptz, level text, message text, logger text, task_id text NOT NULL, extra text)',
	partitions:
		"CREATE TABLE asyncz_logs (ts timestamptz NOT NULL, level text, message text, logger text, task_id text, extra jsonb) PARTITION BY RANGE (ts); CREATE TABLE p1 PARTITION OF asyncz_logs FOR VALUES FROM (MINVALUE) TO ('2026-11-20'); CREATE TABLE p2 PARTITION OF asyncz_logs DEFAULT",
	'a view of another table':
		'CREATE TABLE inner_logs (id bigserial PRIMARY KEY, ts timestamptz, lvl text, message text, logger text, task_id text, extra jsonb); CREATE VIEW asyncz_logs AS SELECT id, ts, lvl AS level, message, logger, task_id, extra FROM inner_logs',
};

describe.each(Object.entries(FOUND))('A table with %s', (_, sql) => {
	test('is written to and asked as it is', async () => {
		await server.run(sql, database);
		const storage = await open();
		const random = new Random(3);
		await storage.append(
			randomNewEntries(random, 120).map((one, index) => ({
				...one,
				message: `${index} ${one.message}`,
			})),
		);
		await server
			.run(`${INSERT} (NULL, NULL, NULL, NULL, '', NULL)`, database)
			.catch(() => undefined);
		expect(await comparePairs(storage, random, 25)).toBeGreaterThan(2_000);
		const columns = await definitionOf('asyncz_logs');
		await storage.append([entry('another one')]);
		expect(await definitionOf('asyncz_logs')).toEqual(columns);
	}, 60_000);

	test('is followed', async () => {
		await server.run(sql, database);
		const storage = await open();
		await storage.append([entry('before')]);
		const told: StoredEntry[] = [];
		const leave = await storage.follow({
			onEntries: (entries) => told.push(...entries),
			onReset: () => undefined,
			onProblem: () => undefined,
		});
		await storage.append([entry('one'), entry('two')]);
		await server.run(`${INSERT} (now(), 'INFO', 'three', 'node', '', '{}')`, database);
		await expect
			.poll(() => told.map(({ message }) => message), { timeout: 10_000 })
			.toEqual(['one', 'two', 'three']);
		await leave();
		expect(new Set(told.map(({ id }) => id)).size).toBe(3);
	});
});

async function definitionOf(table: string): Promise<unknown> {
	const client = await server.connect(database);
	try {
		const { rows } = await client.query(
			`SELECT attname, atttypid, attnotnull, (SELECT count(*) FROM pg_index WHERE indrelid = $1::regclass) AS indexes, (SELECT count(*) FROM pg_trigger WHERE tgrelid = $1::regclass) AS triggers FROM pg_attribute WHERE attrelid = $1::regclass ORDER BY attnum`,
			[table],
		);
		return rows;
	} finally {
		await client.end();
	}
}

test('What the columns are too narrow for is cut, and what they need is given', async () => {
	await server.run(
		'CREATE TABLE asyncz_logs (id serial PRIMARY KEY, ts timestamptz(3), level varchar(4), message varchar(10), logger text, task_id text NOT NULL, extra jsonb NOT NULL)',
		database,
	);
	const storage = await open();
	await storage.append([entry('0123456789abc', { level: 'CRITICAL' })]);
	expect(await allEntries(storage)).toMatchObject([
		{ message: '0123456789', level: 'CRIT', extra: '{}', ts: NOW * 1_000 },
	]);
});

test('A name with its schema, in quotes, with capitals', async () => {
	await server.run(
		'CREATE SCHEMA "My logs"; CREATE TABLE "My logs"."Entries" (id serial PRIMARY KEY, ts timestamptz, level text, message text, logger text, task_id text, extra jsonb)',
		database,
	);
	const storage = await open('"My logs"."Entries"');
	await storage.append([entry('here')]);
	expect((await allEntries(storage)).map(({ message }) => message)).toEqual(['here']);
	await server.run('CREATE SCHEMA other', database);
	const made = await open('other.asyncz_logs');
	await made.append([entry('there')]);
	expect((await allEntries(made)).map(({ message }) => message)).toEqual(['there']);
});

test('What jsonb and text can’t hold is replaced, and nothing else', async () => {
	const storage = await open();
	const deep = `${'['.repeat(8_000)}${']'.repeat(8_000)}`;
	const extras = [
		'{"a": NaN, "b": -Infinity, "c": 1e400, "d": 1e999999, "e": "\\u0000", "f": "\\ud800x", "\\u0000": 1}',
		'{"one": 1.0, "big": 9007199254740993, "small": -0.10}',
		`{"deep": ${deep}}`,
		'{"pair": "\\ud83d\\ude00", "a\\u0000b": [null, true]}',
		'no JSON',
	];
	await storage.append(extras.map((extra) => entry('a\0b', { extra, task_id: 'x\0' })));
	const found = (await allEntries(storage)).toReversed();
	expect(
		found.every(({ message, task_id }) => message === 'a\ufffdb' && task_id === 'x\ufffd'),
	).toBe(true);
	const read = found.map(({ extra }) => extra ?? '');
	expect(JSON.parse(read[0] ?? '')).toEqual({
		a: 'NaN',
		b: '-Infinity',
		// Few enough digits to be a number.
		c: Number('1e400'),
		d: '1e999999',
		e: '\ufffd',
		f: '\ufffdx',
		'\ufffd': 1,
	});
	expect(read[1]).toContain('1.0');
	expect(read[1]).toContain('9007199254740993');
	expect(read[1]).toContain('-0.10');
	expect(JSON.parse(read[2] ?? '')).toEqual({ extra: `{"deep": ${deep}}` });
	expect(JSON.parse(read[3] ?? '')).toEqual({ pair: '😀', 'a\ufffdb': [null, true] });
	expect(JSON.parse(read[4] ?? '')).toEqual({ extra: 'no JSON' });
});

test.each([
	[
		'CREATE TABLE asyncz_logs (ts timestamptz, message text)',
		/no column level, logger, task_id, extra/,
	],
	[
		'CREATE TABLE asyncz_logs (ts bigint, level text, message text, logger text, task_id text, extra jsonb)',
		/ts is bigint/,
	],
	[
		'CREATE TABLE inside (ts timestamptz, level text, message text, logger text, task_id text, extra jsonb); CREATE VIEW asyncz_logs AS SELECT * FROM inside',
		/no column id/,
	],
])('%s is refused with what is wrong', async (sql, problem) => {
	await server.run(sql, database);
	await expect(open()).rejects.toMatchObject({
		code: 'storage-failed',
		message: expect.stringMatching(problem),
	});
});

test.each([
	['node int NOT NULL', '', /wants a value for node/],
	['node int', 'ALTER COLUMN level TYPE int USING node', /level is integer.*Make it text/],
	['node int', 'ALTER COLUMN extra TYPE text[] USING NULL', /extra is text\[\].*Make it jsonb/],
	[
		'node int',
		"DROP logger, ADD logger text GENERATED ALWAYS AS ('x') STORED",
		/its column logger/,
	],
])('A table with %s, %s, can be read', async (node, change, problem) => {
	await server.run(
		`CREATE TABLE asyncz_logs (id serial PRIMARY KEY, ${node}, ts timestamptz, level text, message text, logger text, task_id text, extra jsonb); INSERT INTO asyncz_logs (node, ts, level, message, logger) VALUES (20, now(), 'INFO', 'hello', 'x'); ALTER TABLE asyncz_logs ${change || 'ADD more int'}`,
		database,
	);
	const storage = await open();
	expect(storage.abilities.readOnly).toMatch(problem);
	await expect(storage.append([entry('x')])).rejects.toThrow(problem);
	expect((await allEntries(storage)).map(({ message }) => message)).toEqual(['hello']);
});

describe('Rights', () => {
	const grant =
		'GRANT SELECT ON asyncz_logs TO reader; GRANT SELECT, INSERT ON asyncz_logs TO writer; GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO writer';
	const table =
		'CREATE TABLE asyncz_logs (id serial PRIMARY KEY, ts timestamptz, level text, message text, logger text, task_id text, extra jsonb)';

	test('A user who may only read reads, and is told why nothing is appended', async () => {
		await server.run(
			`${table}; ${grant}; ${INSERT} (now(), 'INFO', 'hello', 'x', NULL, NULL)`,
			database,
		);
		const storage = await open('asyncz_logs', 'reader');
		expect(storage.abilities.readOnly).toMatch(/may only read public.asyncz_logs.*GRANT INSERT/);
		expect(await allEntries(storage)).toHaveLength(1);
	});

	test('A user who may not make tables appends, at least once, with hints that can be run', async () => {
		await server.run(`${table}; ${grant}`, database);
		const storage = await open('asyncz_logs', 'writer');
		expect(storage.abilities).toMatchObject({ delivery: 'at-least-once' });
		await storage.append([entry('mine', { origin: { writer: 'w', number: 1 } })]);
		expect(await allEntries(storage)).toHaveLength(1);
		const statements = (storage.abilities.hints ?? [])
			.map((hint) =>
				/: ((?:CREATE|GRANT) .*)$/.exec(hint)?.[1]?.replace('TO the user', 'TO writer'),
			)
			.filter((sql) => sql !== undefined);
		expect(statements.length).toBeGreaterThanOrEqual(5);
		for (const sql of statements) {
			await server.run(sql, database);
		}
		const again = await open('asyncz_logs', 'writer');
		expect(again.abilities).toMatchObject({ delivery: 'once' });
		expect(again.abilities.hints).toBeUndefined();
	});

	test('Without a table and the right to make one, it says what somebody else can do', async () => {
		await expect(open('asyncz_logs', 'reader')).rejects.toThrow(
			/may not create it.*CREATE TABLE asyncz_logs \(id/,
		);
	});

	test('Without the right to read it, it says so', async () => {
		await server.run(table, database);
		await expect(open('asyncz_logs', 'reader')).rejects.toThrow(
			/may not read public.asyncz_logs.*GRANT SELECT/,
		);
	});

	test('Where only reading is allowed, entries are shown and none are taken', async () => {
		await server.run(`${table}; ${INSERT} (now(), 'INFO', 'hello', 'x', NULL, NULL)`, database);
		await server.run(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
		const storage = await open();
		expect(storage.abilities.readOnly).toMatch(/read only/);
		expect(await allEntries(storage)).toHaveLength(1);
	});
});

test('A time that is null is the last of all, in pages and in stretches', async () => {
	await server.run(FOUND['the seed’s columns and no more'], database);
	await server.run(
		`${INSERT} (NULL, 'INFO', 'a', 'x', NULL, NULL), ('2026-01-01', 'INFO', 'b', 'x', NULL, NULL), (NULL, 'INFO', 'c', 'x', NULL, NULL), ('2026-01-02', 'INFO', 'd', 'x', NULL, NULL)`,
		database,
	);
	const storage = await open();
	const all = (await allEntries(storage)).map(({ message }) => message);
	expect(all).toEqual(['d', 'b', 'c', 'a']);
	for (const [offset, expected] of [
		[0, ['d', 'b']],
		[1, ['b', 'c']],
		[3, ['a']],
	] as const) {
		const stretch = await storage.own.stretch({ order: 'time', offset, limit: 2 });
		expect(stretch?.map(({ message }) => message)).toEqual(expected);
	}
	const first = await storage.query(storageQuery({}, new Map(), { order: 'time', limit: 3 }));
	const before = first.entries[2];
	const rest = await storage.query(
		storageQuery({}, new Map(), { order: 'time', limit: 3, ...(before && { before }) }),
	);
	expect(rest.entries.map(({ message }) => message)).toEqual(['a']);
});

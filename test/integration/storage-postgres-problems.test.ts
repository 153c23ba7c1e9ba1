import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { PostgresConnection } from '#engine/storages/postgres/connection.ts';
import { openTable } from '#engine/storages/postgres/open-table.ts';
import { PostgresAnswers } from '#engine/storages/postgres/own-answers.ts';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import { openStorage } from '#engine/storages/open-storage.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { Random } from '../support/entries.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { startPostgres, startStandby } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { allEntries } from '../support/storage-pairs.ts';
import { until } from '../support/until.ts';

const SECRET = 'hunter2 & more';

let server: PostgresServer;
let database: string;

beforeAll(async () => {
	server = await startPostgres([], { tls: true });
	await server.run(
		`CREATE ROLE needs_password LOGIN PASSWORD 'another'; CREATE ROLE needs_tls LOGIN; CREATE ROLE few LOGIN CONNECTION LIMIT 0`,
	);
	await server.run('CREATE DATABASE forbidden');
}, 120_000);

afterAll(() => server?.remove(), 60_000);

beforeEach(async () => {
	database = await server.createDatabase();
});

const entry = (message: string) => ({
	ts: Date.now() * 1_000,
	level: 'INFO',
	message,
	logger: 'x',
});

function openAt(address: string): Promise<unknown> {
	const { address: parsed, password } = parseStorageAddress(address);
	return openStorage(parsed, { password });
}

test.each<[string, (port: number) => string, RegExp]>([
	[
		'Nobody answers',
		() => 'postgres://u:SECRET@127.0.0.1:1/x',
		/No PostgreSQL answers at 127.0.0.1:1/,
	],
	[
		'No such host',
		() => 'postgres://u:SECRET@no-such-host.invalid/x',
		/host no-such-host.invalid is not known/,
	],
	['No socket', () => 'postgres://u:SECRET@/x?host=/nowhere', /No PostgreSQL answers at \/nowhere/],
	[
		'A wrong password',
		(port) => `postgres://needs_password:SECRET@127.0.0.1:${port}/postgres`,
		/refused the password of user needs_password\. Enter it anew in Settings/,
	],
	[
		'No password',
		(port) => `postgres://needs_password@127.0.0.1:${port}/postgres`,
		/wants a password for user needs_password\. Enter it in Settings/,
	],
	[
		'No such database',
		(port) => `postgres://postgres:SECRET@127.0.0.1:${port}/nowhere`,
		/no database nowhere/,
	],
	[
		'No such user',
		(port) => `postgres://nobody:SECRET@127.0.0.1:${port}/postgres`,
		/does not let user nobody in/,
	],
	[
		'A database that is not for us',
		(port) => `postgres://postgres:SECRET@127.0.0.1:${port}/forbidden`,
		/pg_hba.conf|does not let/,
	],
	[
		'TLS that is needed',
		(port) => `postgres://needs_tls:SECRET@127.0.0.1:${port}/postgres?sslmode=disable`,
		/does not let user needs_tls|without TLS/,
	],
	[
		'A certificate nobody trusts',
		(port) => `postgres://postgres:SECRET@127.0.0.1:${port}/postgres?sslmode=verify-full`,
		/certificate .* is not trusted/,
	],
	[
		'Too many connections',
		(port) => `postgres://few:SECRET@127.0.0.1:${port}/postgres`,
		/has no connection left/,
	],
	[
		'A name that is none',
		(port) => `postgres://postgres:SECRET@127.0.0.1:${port}/postgres?table=a.b.c`,
		/"a.b.c" is no name of a table/,
	],
	[
		'No such schema',
		(port) => `postgres://postgres:SECRET@127.0.0.1:${port}/postgres?table=nowhere.logs`,
		/no schema nowhere/,
	],
])('%s: a sentence with what to do, without the password', async (_, address, problem) => {
	const error: unknown = await openAt(
		address(server.port).replace('SECRET', encodeURIComponent(SECRET)),
	).catch((reason: unknown) => reason);
	expect(error).toMatchObject({ code: 'storage-failed', message: expect.stringMatching(problem) });
	expect(String(error)).not.toContain('hunter2');
	expect(String(error)).toMatch(/\.$|=/);
});

test('TLS is used where it is there, and asked for where it is needed', async () => {
	for (const mode of ['', '?sslmode=prefer', '?sslmode=require']) {
		const storage = await PostgresLogStorage.open({
			...postgresAccess(server, database),
			...parsed(server.address(database, { query: mode })),
		});
		const client = await server.connect(database);
		const { rows } = await client.query(
			`SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'asyncz-companion%' AND datname = $1`,
			[database],
		);
		expect(rows).toEqual([{ ssl: true }]);
		await client.end();
		await storage.close();
	}
	const plain = await startPostgres();
	try {
		await expect(openAt(plain.address('postgres', { query: '?sslmode=require' }))).rejects.toThrow(
			/has no TLS/,
		);
		const storage = await PostgresLogStorage.open(postgresAccess(plain, 'postgres'));
		await storage.append([entry('without')]);
		await storage.close();
	} finally {
		await plain.remove();
	}
}, 60_000);

function parsed(text: string) {
	const { address } = parseStorageAddress(text);
	if (address.kind !== 'postgres') {
		throw new Error(text);
	}
	return { address };
}

test('A full disk is named, and appending goes on once there is room', async () => {
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	await server.run(
		`CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$; CREATE TRIGGER no_room BEFORE INSERT ON asyncz_logs EXECUTE FUNCTION no_room()`,
		database,
	);
	const mine = [{ ...entry('kept'), origin: { writer: 'w', number: 1 } }];
	await expect(storage.append(mine)).rejects.toThrow(
		/The disk of PostgreSQL .* is full. Make room/,
	);
	await server.run('DROP TRIGGER no_room ON asyncz_logs', database);
	await storage.append(mine);
	await storage.append(mine);
	expect(await allEntries(storage)).toHaveLength(1);
	await storage.close();
});

test('After a restart it goes on by itself, and says so to who follows', async () => {
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	const told: string[] = [];
	const problems: (string | undefined)[] = [];
	await storage.follow({
		onEntries: (entries) => told.push(...entries.map(({ message }) => message)),
		onReset: () => undefined,
		onProblem: (problem) => problems.push(problem),
	});
	await storage.append([entry('before')]);
	await until('it', () => told.length === 1);
	await server.stop();
	await until('the problem', () => problems.length > 0);
	expect(problems[0]).toMatch(/was stopped|was lost|starting or stopping|No PostgreSQL answers/);
	await expect(storage.append([entry('away')])).rejects.toThrow(
		/was stopped|was lost|starting or stopping|No PostgreSQL answers/,
	);
	await expect(
		storage.query(storageQuery({}, new Map(), { order: 'arrival', limit: 1 })),
	).rejects.toThrow(/was stopped|was lost|starting or stopping|No PostgreSQL answers/);
	await server.start();
	await storage.append([entry('after')]);
	await until('what came after', () => told.length === 2);
	expect(told).toEqual(['before', 'after']);
	expect(problems.at(-1)).toBeUndefined();
	expect(await allEntries(storage)).toHaveLength(2);
	await storage.close();
}, 60_000);

test('A standby is read and followed, and takes nothing', async () => {
	const primary = await PostgresLogStorage.open(postgresAccess(server, database));
	await primary.append([entry('one')]);
	const standby = await startStandby(server);
	try {
		const storage = await PostgresLogStorage.open(postgresAccess(standby, database));
		expect(storage.abilities.readOnly).toMatch(/standby/);
		await expect(storage.append([entry('x')])).rejects.toThrow(/standby/);
		const told: string[] = [];
		await storage.follow({
			onEntries: (entries) => told.push(...entries.map(({ message }) => message)),
			onReset: () => undefined,
			onProblem: () => undefined,
		});
		await primary.append([entry('two')]);
		await until('what came to the primary', () => told.includes('two'), { deadlineMs: 20_000 });
		await expect(openAt(standby.address('postgres', { query: '?table=none' }))).rejects.toThrow(
			/no table none, and none can be made: This server is a standby/,
		);
		await storage.close();
	} finally {
		await standby.remove();
		await primary.close();
	}
}, 120_000);

test('What takes too long is left to the newest entries, and a page says why it does not come', async () => {
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	await storage.append([entry('one')]);
	const access = postgresAccess(server, database);
	const connection = new PostgresConnection(access, 'shapes');
	const { table } = await openTable(connection, access);
	const hasty = new PostgresAnswers(connection, connection, table, 300);
	const holder = await server.connect(database);
	await holder.query('BEGIN');
	await holder.query('LOCK TABLE asyncz_logs IN ACCESS EXCLUSIVE MODE');
	expect(await hasty.shape({ buckets: 9 })).toBeUndefined();
	const observer = await server.connect(database);
	const nobodyWaits = new AbortController();
	const { signal } = nobodyWaits;
	const unwanted = [storage.own.count({}, signal), storage.own.shape({ buckets: 9 }, signal)];
	const counting = async () => {
		const { rowCount } = await observer.query(
			`SELECT FROM pg_stat_activity WHERE application_name = 'asyncz-companion counts' AND state = 'active'`,
		);
		return rowCount === 1;
	};
	await until('a count that waits for the lock', counting);
	nobodyWaits.abort();
	expect(await Promise.all(unwanted)).toEqual([undefined, undefined]);
	expect(await counting()).toBe(false);
	await observer.end();
	const page = storage.query(storageQuery({}, new Map(), { order: 'arrival', limit: 1 }));
	const count = storage.own.count({});
	await expect(page).rejects.toThrow(/holds asyncz_logs locked/);
	expect(await count).toBeUndefined();
	await holder.end();
	expect(await storage.own.count({})).toMatchObject({ matched: 1 });
	// What was too slow rests, whatever has come since; another question does not.
	expect(await hasty.shape({ buckets: 9, up_to: 1 })).toBeUndefined();
	expect(await hasty.shape({ buckets: 9, q: 'one' })).toMatchObject({ matched: 1 });
	await connection.close();
	await storage.close();
}, 60_000);

test('A table that is taken away is named', async () => {
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	await server.run('DROP TABLE asyncz_logs', database);
	await expect(storage.append([entry('x')])).rejects.toThrow(/asyncz_logs is not as it was/);
	await storage.close();
});

test('A task id that is too long for an index is cut, and stands in the way of nothing', async () => {
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	onTestFinished(() => storage.close());
	const random = new Random(3);
	const task_id = Array.from({ length: 9_000 }, () =>
		String.fromCodePoint(0x4e00 + random.below(20_000)),
	).join('');
	await storage.append([
		{ ...entry('before'), origin: { writer: 'w', number: 1 } },
		{ ...entry('long'), task_id, origin: { writer: 'w', number: 2 } },
		{ ...entry('after'), task_id: 'daily', origin: { writer: 'w', number: 3 } },
	]);
	const [after, long, before] = await allEntries(storage);
	expect([before?.message, long?.message, after?.message]).toEqual(['before', 'long', 'after']);
	expect(long?.task_id).toBe(`${task_id.slice(0, 600)}…`);
	expect([before?.task_id, after?.task_id]).toEqual([undefined, 'daily']);
});

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StoredEntry } from '#engine/storages/log-storage.ts';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import { root } from '../support/hosts/test-host.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import type { WriterTask } from '../support/postgres-writer.ts';
import { NODE_PROGRAM, pythonWithPostgres, SEED_WRITER } from '../support/python-postgres.ts';
import { runPython } from '../support/python-env.ts';
import { allEntries } from '../support/storage-pairs.ts';
import { until } from '../support/until.ts';

let server: PostgresServer;
let python: string;

beforeAll(async () => {
	({ python } = pythonWithPostgres());
	server = await startPostgres();
}, 300_000);

afterAll(() => server?.remove(), 60_000);

test('Four processes write at once, two of them Python, while the server is killed and started again', async () => {
	const database = await server.createDatabase();
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	const told: StoredEntry[] = [];
	const problems: (string | undefined)[] = [];
	await storage.follow({
		onEntries: (entries) => told.push(...entries),
		onReset: () => undefined,
		onProblem: (problem) => problems.push(problem),
	});
	const address = server.address(database);
	const writers = [
		ours({ address, writer: 'ours-1', count: 3_000, batch: 20, pause: 5 }),
		ours({ address, writer: 'ours-2', count: 3_000, batch: 7, pause: 2 }),
		new Writer('python-1', python, ['-c', SEED_WRITER, address, 'python-1', '150']),
		new Writer('python-2', python, ['-c', SEED_WRITER, address, 'python-2', '150']),
	];
	for (let kills = 0; kills < 3; kills++) {
		const before = writers.map(({ acked }) => acked.size);
		await until(
			'each writer to go on',
			() =>
				writers.every(
					({ acked, isDone }, index) => isDone || acked.size > (before[index] ?? 0) + 1,
				),
			{ deadlineMs: 60_000 },
		);
		await server.kill();
		await server.start();
	}
	await until('the writers to end', () => writers.every(({ isDone }) => isDone), {
		deadlineMs: 120_000,
	});

	const found = await allEntries(storage);
	const times = new Map<string, number>();
	for (const { message } of found) {
		times.set(message, (times.get(message) ?? 0) + 1);
	}
	const twice = [...times].filter(([, count]) => count > 1);
	expect(twice, 'An entry is there twice').toEqual([]);
	for (const { name, acked } of writers) {
		const lost = [...acked].filter((number) => !times.has(`${name} ${number}`));
		expect(lost, `Entries of ${name} that were acknowledged are gone`).toEqual([]);
	}
	expect(writers.map(({ acked }) => acked.size).slice(0, 2)).toEqual([3_000, 3_000]);

	await until('the follower to have been told all', () => told.length >= found.length, {
		instead: () => ({ told: told.length, found: found.length, problems }),
		deadlineMs: 30_000,
	});
	expect(told.map(({ id }) => id).sort()).toEqual(found.map(({ id }) => id).sort());
	expect(problems.some((problem) => problem !== undefined)).toBe(true);
	expect(problems.at(-1)).toBeUndefined();
	await storage.close();
}, 300_000);

test('A row that commits after others with higher ids is told, however long that takes', async () => {
	const database = await server.createDatabase();
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	const insert = `INSERT INTO asyncz_logs (ts, level, message, logger) VALUES (now(), 'INFO', $1, 'x')`;
	const [early, late, failed] = await Promise.all([1, 2, 3].map(() => server.connect(database)));
	await early?.query('BEGIN');
	await early?.query(insert, ['begun before it was followed']);
	await storage.append([entry('first')]);
	const told: string[] = [];
	await storage.follow({
		onEntries: (entries) => told.push(...entries.map(({ message }) => message)),
		onReset: () => undefined,
		onProblem: () => undefined,
	});
	await late?.query('BEGIN');
	await late?.query(insert, ['late']);
	await failed?.query('BEGIN');
	await failed?.query(insert, ['never']);
	await storage.append([entry('second')]);
	await until('the second', () => told.includes('second'));
	await failed?.query('ROLLBACK');
	await storage.append([entry('third')]);
	await until('the third', () => told.includes('third'));
	await late?.query('COMMIT');
	await until('the late one', () => told.includes('late'));
	await early?.query('COMMIT');
	await until('the early one', () => told.includes('begun before it was followed'));
	expect(told).toEqual(['second', 'third', 'late', 'begun before it was followed']);
	await Promise.all([early?.end(), late?.end(), failed?.end()]);
	await storage.close();
});

test('What is taken away by others is told as a reset', async () => {
	const database = await server.createDatabase();
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	await storage.append([entry('one'), entry('two')]);
	let resets = 0;
	const told: string[] = [];
	await storage.follow({
		onEntries: (entries) => told.push(...entries.map(({ message }) => message)),
		onReset: () => resets++,
		onProblem: () => undefined,
	});
	await server.run('DELETE FROM asyncz_logs WHERE id = 1', database);
	await until('a reset', () => resets === 1, { deadlineMs: 20_000 });
	await server.run('TRUNCATE asyncz_logs RESTART IDENTITY', database);
	await until('another one', () => resets === 2, { deadlineMs: 20_000 });
	await storage.append([entry('three')]);
	await until('what came afterwards', () => told.includes('three'));
	expect(told).toEqual(['three']);
	await storage.close();
}, 60_000);

test.each([
	['ids that are larger than JavaScript counts', 'id bigint PRIMARY KEY', '7123456789012345601'],
	['a unique id that rows may lack', 'id bigint UNIQUE', 'NULL'],
])('A table with %s tells each row once, and all in pages', async (_, id, first) => {
	const database = await server.createDatabase();
	const columns =
		'ts timestamptz, level text, message text, logger text, task_id text, extra jsonb';
	const insert = (after: number) =>
		server.run(
			`INSERT INTO asyncz_logs (id, ts, message) SELECT ${first}::bigint + n, now(), n FROM generate_series(${after + 1}, ${after + 3}) n`,
			database,
		);
	await server.run(`CREATE TABLE asyncz_logs (${id}, ${columns})`, database);
	await insert(0);
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	const told: string[] = [];
	await storage.follow({
		onEntries: (entries) => told.push(...entries.map(({ message }) => message)),
		onReset: () => undefined,
		onProblem: () => undefined,
	});
	await insert(3);
	await insert(6);
	await until('the last one', () => told.includes('9'));
	expect(told.toSorted()).toEqual(['4', '5', '6', '7', '8', '9']);
	const pages: StoredEntry[] = [];
	for (let isEnd = false; !isEnd;) {
		const before = pages.at(-1);
		const wish = { order: 'arrival', limit: 2, ...(before && { before }) } as const;
		const page = await storage.query(storageQuery({}, new Map(), wish));
		pages.push(...page.entries);
		({ isEnd } = page);
	}
	expect(pages.map(({ message }) => message).toSorted()).toEqual([...'123456789']);
	expect(pages.every(({ seq }) => seq === undefined)).toBe(true);
	await storage.close();
});

test('A table is called what statements without quotes call it, whatever its indexes are called', async () => {
	const database = await server.createDatabase();
	const open = async (table: string) => {
		const storage = await PostgresLogStorage.open(postgresAccess(server, database, { table }));
		await storage.append([entry('x')]);
		const { size } = await storage.stats();
		await storage.close();
		return { size, hints: storage.abilities.hints };
	};
	expect(await open('Public.AsyncZ_Logs')).toEqual({ size: 1 });
	expect(await open('asyncz_logs')).toEqual({ size: 2 });
	// Its indexes keep the names that those of the next one would have.
	await server.run('ALTER TABLE asyncz_logs RENAME TO older', database);
	expect(await open('ASYNCZ_LOGS')).toEqual({ size: 1 });
	expect(await open(`n${'é'.repeat(31)}`)).toEqual({ size: 1 });
	await expect(open('x'.repeat(64))).rejects.toThrow(/too long for a name/);
	await expect(open('asyncz_logs_id_seq')).rejects.toThrow(/is no table, but a sequence/);
});

test('The storage for nodes that the guide has works with AsyncZ’s own handler', async () => {
	const database = await server.createDatabase();
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	const guide = readFileSync(join(root, 'docs', 'postgres.md'), 'utf8');
	const [, code = ''] = /```python\n(.*?)```/s.exec(guide) ?? [];
	const address = server.address(database);
	const printed = runPython({ python }, ['-c', code + NODE_PROGRAM, address]);
	expect(printed).toContain(
		`[('ERROR', 'It failed: ключ', None, None), ('INFO', 'Task started', 'nightly', 9007199254740993)]`,
	);
	const found = await allEntries(storage);
	expect(found.map(({ message }) => message)).toEqual(['It failed: ключ', 'Task started']);
	expect(found[1]).toMatchObject({ task_id: 'nightly', logger: 'asyncz.task', level: 'INFO' });
	expect(found[1]?.extra).toContain('9007199254740993');
	await storage.close();
}, 60_000);

function entry(message: string) {
	return { ts: Date.now() * 1_000, level: 'INFO', message, logger: 'x' };
}

function ours(task: WriterTask): Writer {
	const script = join(import.meta.dirname, '..', 'support', 'postgres-writer.ts');
	return new Writer(task.writer, process.execPath, [script, JSON.stringify(task)], task.batch);
}

/** A process that writes, and which of its entries were acknowledged. */
class Writer {
	readonly name: string;
	readonly acked = new Set<number>();
	isDone = false;

	constructor(name: string, command: string, args: readonly string[], batch = 0) {
		this.name = name;
		const child: ChildProcess = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
		child.once('exit', () => {
			this.isDone = true;
		});
		if (child.stdout !== null) {
			createInterface({ input: child.stdout }).on('line', (line) => {
				const number = Number(/^acked (\d+)$/.exec(line)?.[1]);
				// Ours say up to where, Python's say which.
				for (
					let one = batch === 0 ? number : this.acked.size;
					one < (batch === 0 ? number + 1 : number);
					one++
				) {
					this.acked.add(one);
				}
			});
		}
	}
}

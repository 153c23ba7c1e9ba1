import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import type { Filter, Order } from '#shared/model/query.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';

const ROWS = 60_000;

let server: PostgresServer;
let storage: PostgresLogStorage;

beforeAll(async () => {
	// The plan of each statement is in the server's log, as it was really run.
	server = await startPostgres([
		`session_preload_libraries = 'auto_explain'`,
		'auto_explain.log_min_duration = 0',
	]);
	const database = await server.createDatabase();
	storage = await PostgresLogStorage.open(postgresAccess(server, database));
	await server.run(
		`INSERT INTO asyncz_logs (ts, level, message, logger, task_id, extra)
			SELECT '2026-11-01'::timestamptz + n * interval '1 second',
				CASE WHEN n % 500 = 0 THEN 'CRITICAL' WHEN n % 3 = 0 THEN 'DEBUG' ELSE 'INFO' END,
				'Report ' || n % 100 || ' built by worker ' || n % 7 || CASE n % 20000 WHEN 77 THEN ' after a Zwischenfall' ELSE '' END,
				'asyncz.task', 'task-' || n % 300, jsonb_build_object('rows', n)
			FROM generate_series(1, ${ROWS}) n`,
		database,
	);
	await server.run('VACUUM ANALYZE asyncz_logs', database);
}, 180_000);

afterAll(async () => {
	await storage?.close();
	await server?.remove();
}, 60_000);

test.each<[name: string, filter: Filter, order: Order, index: string]>([
	['the newest page by arrival', {}, 'arrival', 'asyncz_logs_pkey'],
	['the newest page by time', {}, 'time', 'asyncz_logs_ts'],
	['a stretch of time', { query: 'ts:2026-11-01T10:00' }, 'time', 'asyncz_logs_ts'],
	['a stretch of time gone by', { query: 'ts:2026-11-01T10:00' }, 'arrival', 'asyncz_logs_ts'],
	['a task', { task_id: 'task-42' }, 'arrival', 'asyncz_logs_task'],
	['a task in any case', { query: 'task:TASK-42' }, 'arrival', 'asyncz_logs_task'],
	['a rare level', { level: 'CRITICAL' }, 'arrival', 'asyncz_logs_severity'],
	['errors', { query: 'is:error' }, 'arrival', 'asyncz_logs_severity'],
	['a minimum level', { min_level: 'ERROR' }, 'arrival', 'asyncz_logs_severity'],
	['rare text', { q: 'ZWISCHENFALL' }, 'arrival', 'asyncz_logs_text'],
	['rare text that a glob has', { query: '*zwischen?all*' }, 'arrival', 'asyncz_logs_text'],
	['rare text that an expression has', { query: '/Zwischen\\w+$/' }, 'arrival', 'asyncz_logs_text'],
	['what came after an entry', { arrived_after: ROWS - 5 }, 'arrival', 'asyncz_logs_pkey'],
])('A page of %s is found by an index', async (_, filter, order, index) => {
	const before = server.log().length;
	const { entries } = await storage.query(storageQuery(filter, new Map(), { order, limit: 200 }));
	expect(entries.length).toBeGreaterThan(0);
	const plans = server.log().slice(before);
	expect(plans).toContain('FROM "public"."asyncz_logs"');
	expect(plans).toContain(index);
	expect(plans).not.toContain('Seq Scan on asyncz_logs');
});

/** The plans of one page. */
async function plansOf(filter: Filter, limit: number): Promise<string> {
	const before = server.log().length;
	await storage.query(storageQuery(filter, new Map(), { order: 'arrival', limit }));
	return server.log().slice(before);
}

test('The newest of a level are read in the order of the index, and no others', async () => {
	const plans = await plansOf({ level: 'CRITICAL' }, 20);
	expect(plans).toContain('Index Scan Backward using asyncz_logs_severity');
	expect(plans).not.toContain('Sort Key');
});

test('Of a minute gone by no rows that came later are read', async () => {
	const plans = await plansOf({ query: 'ts:2026-11-01T10:00' }, 20);
	expect(plans).toMatch(/Index Cond: .*id >= .*id <= /);
});

test('Where rows are in doubt no more than a page of them is read at first', async () => {
	const plans = await plansOf({ query: 'rows:>10' }, 20);
	expect(plans.match(/LIMIT \d+/g)).toEqual(['LIMIT 21']);
});

test('New text is sorted into its index beside the appends', async () => {
	const database = await server.createDatabase();
	await server.run('CREATE EXTENSION pgstattuple', database);
	const other = await PostgresLogStorage.open(postgresAccess(server, database));
	const client = await server.connect(database);
	onTestFinished(async () => {
		await client.end();
		await other.close();
	});
	await other.append(
		Array.from({ length: 6_000 }, (_, index) => ({
			ts: index,
			level: 'INFO',
			message: `Report ${index} built by worker ${index % 7}`,
			logger: 'asyncz.task',
		})),
	);
	const pending = async (): Promise<unknown> =>
		(await client.query(`SELECT pending_tuples FROM pgstatginindex('asyncz_logs_text')`)).rows[0];
	await expect.poll(pending, { timeout: 20_000 }).toEqual({ pending_tuples: '0' });
});

test('A page far behind goes on at its place', async () => {
	const found = await storage.own.stretch({ order: 'arrival', offset: ROWS - 10, limit: 1 });
	const before = server.log().length;
	await storage.query(
		storageQuery({}, new Map(), {
			order: 'time',
			limit: 200,
			...(found?.[0] === undefined ? {} : { before: found[0] }),
		}),
	);
	const plans = server.log().slice(before);
	expect(plans).toMatch(/Index Cond: .*ts <=/);
	expect(plans).not.toContain('Seq Scan on asyncz_logs');
});

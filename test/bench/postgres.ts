import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LogStorage, NewEntry } from '#engine/storages/log-storage.ts';
import { PostgresLogStorage } from '#engine/storages/postgres/postgres-log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import type { Filter } from '#shared/model/query.ts';
import { postgresAccess } from '../support/postgres-access.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { PostgresServer } from '../support/postgres-server.ts';
import { until } from '../support/until.ts';
import { createLineSource } from './generate-log.ts';
import type { Plan } from './plan.ts';
import { spread } from './statistics.ts';

const ENTRIES = 1_000_000;
const BATCH = 10_000;
const ROUNDS = 25;
const WRITERS = 4;
const RATE = 1_000;
const SECONDS = 20;

/** As an administrator would set it on a machine with some memory; what is committed is on the disk. */
const SETTINGS = ['fsync = on', 'shared_buffers = 512MB', 'max_wal_size = 4GB', 'work_mem = 32MB'];

/** What is asked of a million rows: common and rare, of columns, text and `extra`. */
const FILTERS: Readonly<Record<string, (round: number) => Filter>> = {
	unfiltered: () => ({}),
	task: (round) => ({ query: `task:task-${round * 7}` }),
	'level CRITICAL': () => ({ level: 'CRITICAL' }),
	errors: () => ({ query: 'is:error' }),
	'common text': (round) => ({ q: ['report', 'Task', 'rows'][round % 3] }),
	'rare text': (round) => ({ q: `${ENTRIES / 2 + round * 977}` }),
	'level and text': (round) => ({ min_level: 'WARNING', q: `${round}` }),
	'a number in extra': (round) => ({ query: `attempt:>${round % 2}` }),
	'a minute': (round) => ({ query: `ts:[-${round + 10}m TO -${round + 9}m]` }),
};

/** A table of a real server of this machine: appending, first pages, following. */
export async function measurePostgres(plan: Plan): Promise<void> {
	const server = await startPostgres(SETTINGS, { walMegabytes: 16 });
	try {
		const database = await server.createDatabase();
		const storage = await PostgresLogStorage.open(postgresAccess(server, database));
		await measureAppend(plan, storage);
		await server.run('VACUUM ANALYZE asyncz_logs', database);
		await measurePages(plan, storage);
		await measureAnswers(plan, storage);
		await storage.close();
		await measureFollow(plan, server);
	} finally {
		await server.remove();
	}
}

async function measureAppend(plan: Plan, storage: LogStorage): Promise<void> {
	const total = ENTRIES / plan.scale;
	plan.say(`appending ${total} entries to PostgreSQL`);
	const begin = Date.now() * 1_000 - total * 1_000;
	const rates: number[] = [];
	for (let written = 0; written < total; written += BATCH) {
		const entries = entriesOf(BATCH, written, begin);
		const started = performance.now();
		await storage.append(entries);
		rates.push((BATCH / (performance.now() - started)) * 1_000);
	}
	const seconds = rates.reduce((sum, rate) => sum + BATCH / rate, 0);
	plan.print({
		measure: 'postgres: append, with all indexes',
		unit: 'entries/s',
		value: Math.round(total / seconds),
		slowest_batch: Math.round(Math.min(...rates)),
		goal: '≥ 20,000 in batches of 10,000',
		n: rates.length,
	});
}

async function measurePages(plan: Plan, storage: LogStorage): Promise<void> {
	plan.say('asking for first pages');
	const all: number[] = [];
	for (const [name, filterOf] of Object.entries(FILTERS)) {
		const took: number[] = [];
		for (let round = 0; round < ROUNDS; round++) {
			const filter = { ...filterOf(round), at: Date.now() * 1_000 };
			const order = round % 2 === 0 ? 'arrival' : 'time';
			const query = storageQuery(filter, new Map(), { order, limit: 200 });
			const started = performance.now();
			await storage.query(query);
			took.push(performance.now() - started);
		}
		all.push(...took);
		plan.print({
			measure: `postgres: first page, ${name}`,
			unit: 'ms',
			...spread(took),
			goal: 'p99 < 50 on 1 M rows',
			n: took.length,
		});
	}
	plan.print({
		measure: 'postgres: first page, all of these',
		unit: 'ms',
		...spread(all),
		goal: 'p99 < 50 on 1 M rows',
		n: all.length,
	});
}

async function measureAnswers(plan: Plan, storage: PostgresLogStorage): Promise<void> {
	const facets = ['level', 'task_id', 'logger'].map((field) => ({ field, limit: 10 }));
	const offset = Math.round((ENTRIES / plan.scale) * 0.9);
	const asked: Readonly<Record<string, () => Promise<unknown>>> = {
		'count of errors': () => storage.own.count({ query: 'is:error' }),
		'histogram and three facets': () => storage.own.shape({ buckets: 200, facets }),
		'row 900,000': () => storage.own.stretch({ order: 'time', offset, limit: 200 }),
	};
	for (const [name, ask] of Object.entries(asked)) {
		const took: number[] = [];
		for (let round = 0; round < 5; round++) {
			const started = performance.now();
			await ask();
			took.push(performance.now() - started);
		}
		plan.print({ measure: `postgres: ${name}`, unit: 'ms', ...spread(took), goal: 'none', n: 5 });
	}
}

async function measureFollow(plan: Plan, server: PostgresServer): Promise<void> {
	const seconds = Math.max(SECONDS / plan.scale, 3);
	plan.say(`following ${WRITERS} writers for ${seconds} s`);
	const database = await server.createDatabase();
	const storage = await PostgresLogStorage.open(postgresAccess(server, database));
	const latencies: number[] = [];
	const problems: string[] = [];
	await storage.follow({
		onEntries: (entries) => {
			const now = performance.timeOrigin + performance.now();
			latencies.push(...entries.map(({ message }) => now - Number(message)));
		},
		onReset: () => problems.push('reset'),
		onProblem: (problem) => problems.push(problem ?? 'ended'),
	});
	const script = join(import.meta.dirname, 'write-postgres.ts');
	await Promise.all(
		Array.from({ length: WRITERS }, (_, index) => {
			const args = [server.address(database), `writer-${index}`, `${RATE}`, `${seconds}`];
			return once(spawn(process.execPath, [script, ...args], { stdio: 'inherit' }), 'exit');
		}),
	);
	const expected = WRITERS * RATE * seconds;
	await until('the last entry', () => latencies.length >= expected, {
		deadlineMs: 30_000,
		instead: () => latencies.length,
	}).catch(() => undefined);
	await storage.close();
	plan.print({
		measure: 'postgres: entry handed over to told by follow',
		unit: 'ms',
		...spread(latencies),
		goal: 'p99 < 250 with four writers at 1,000/s each, 0 lost',
		n: latencies.length,
		lost: expected - latencies.length,
		problems,
	});
}

/** What a busy scheduler's storage is handed, an entry each millisecond. */
function entriesOf(count: number, first: number, begin: number): readonly NewEntry[] {
	const source = createLineSource(first + 1);
	return Array.from({ length: count }, (_, index) => {
		const record = JSON.parse(source(first + index)) as Record<string, unknown>;
		const { level, message, logger, task_id, extra } = record;
		return {
			ts: begin + (first + index) * 1_000,
			level: String(level),
			message: String(message),
			logger: String(logger),
			...(typeof task_id === 'string' ? { task_id } : {}),
			...(extra === null || extra === undefined ? {} : { extra: JSON.stringify(extra) }),
			origin: { writer: 'bench', number: first + index },
		};
	});
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LogStorage, NewEntry } from '#engine/storages/log-storage.ts';
import { storageQuery } from '#engine/storages/queryable-entry.ts';
import { openRedis } from '../support/open-redis.ts';
import { RedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';
import { createLineSource } from './generate-log.ts';
import type { Plan } from './plan.ts';
import { rounded, spread } from './statistics.ts';

const ENTRIES = 1_000_000;
const BATCH = 10_000;
const QUERIES = 200;
const WRITERS = 4;
const RATE = 1_000;
const SECONDS = 20;

/** A stream of a real server of this machine: appending, its newest entries, following. */
export async function measureRedis(plan: Plan): Promise<void> {
	const server = await RedisServer.start();
	try {
		const storage = await openRedis(server, `?maxlen=${ENTRIES}`);
		await measureAppend(plan, storage);
		await measureNewest(plan, storage);
		await storage.close();
		await measureFollow(plan, server);
	} finally {
		await server.remove();
	}
}

async function measureAppend(plan: Plan, storage: LogStorage): Promise<void> {
	const entries = ENTRIES / plan.scale;
	plan.say(`appending ${entries} entries to Redis`);
	const batch = entriesOf(BATCH);
	const rates: number[] = [];
	for (let written = 0; written < entries; written += BATCH) {
		const numbered = batch.map((entry, index) => ({
			...entry,
			origin: { writer: 'bench', number: written + index },
		}));
		const started = performance.now();
		await storage.append(numbered);
		rates.push((BATCH / (performance.now() - started)) * 1_000);
	}
	const seconds = rates.reduce((sum, rate) => sum + BATCH / rate, 0);
	const { size, bytes } = await storage.stats();
	plan.print({
		measure: 'redis: append',
		unit: 'entries/s',
		value: Math.round(entries / seconds),
		slowest_batch: Math.round(Math.min(...rates)),
		goal: '≥ 40,000 in batches of 10,000',
		n: rates.length,
		size,
		bytes_per_entry: rounded((bytes ?? 0) / Math.max(size, 1)),
	});
}

async function measureNewest(plan: Plan, storage: LogStorage): Promise<void> {
	plan.say('asking for the newest 200');
	const query = storageQuery({}, new Map(), { order: 'arrival', limit: 200 });
	const took: number[] = [];
	for (let asked = 0; asked < QUERIES; asked++) {
		const started = performance.now();
		const { entries } = await storage.query(query);
		took.push(performance.now() - started);
		if (entries.length !== 200) {
			throw new Error(`${entries.length} entries instead of 200`);
		}
	}
	plan.print({
		measure: 'redis: newest 200 unfiltered',
		unit: 'ms',
		...spread(took),
		goal: 'p99 < 20 on 1 M entries',
		n: QUERIES,
		size: (await storage.stats()).size,
	});
}

async function measureFollow(plan: Plan, server: RedisServer): Promise<void> {
	const seconds = Math.max(SECONDS / plan.scale, 3);
	plan.say(`following ${WRITERS} writers for ${seconds} s`);
	const options = `?key=followed&maxlen=${ENTRIES}`;
	const storage = await openRedis(server, options);
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
	const script = join(import.meta.dirname, 'write-redis.ts');
	const writers = Array.from({ length: WRITERS }, (_, index) => {
		const args = [script, server.address(options), `writer-${index}`, `${RATE}`, `${seconds}`];
		return once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
	});
	await Promise.all(writers);
	const expected = WRITERS * RATE * seconds;
	await until('the last entry', () => latencies.length >= expected, {
		deadlineMs: 30_000,
		instead: () => latencies.length,
	}).catch(() => undefined);
	await storage.close();
	plan.print({
		measure: 'redis: entry handed over to told by follow',
		unit: 'ms',
		...spread(latencies),
		goal: 'p99 < 250 with four writers at 1,000/s each, 0 lost',
		n: latencies.length,
		lost: expected - latencies.length,
		problems,
	});
}

/** What a busy scheduler's storage is handed. */
function entriesOf(count: number): readonly NewEntry[] {
	const source = createLineSource(1);
	return Array.from({ length: count }, (_, index) => {
		const record = JSON.parse(source(index)) as Record<string, unknown>;
		const { level, message, logger, task_id, extra } = record;
		return {
			ts: Date.now() * 1_000 + index,
			level: String(level),
			message: String(message),
			logger: String(logger),
			...(typeof task_id === 'string' ? { task_id } : {}),
			...(extra === null || extra === undefined ? {} : { extra: JSON.stringify(extra) }),
		};
	});
}

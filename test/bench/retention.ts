import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { withEngine } from './bench-engine.ts';
import type { BenchEngine } from './bench-engine.ts';
import type { Plan } from './plan.ts';
import { processorSeconds, threadSeconds } from './process-usage.ts';
import { QueryPulse } from './query-pulse.ts';
import { median, rounded, rounded2 } from './statistics.ts';
import { StampedWriter } from './stamped-writer.ts';

const RUNS = 3;
const KEPT_ROWS = 1_000_000;
const APPENDED_ROWS = 2_000_000;
/** Written ahead of the engine: never so much that it steps over them to the newest ones. */
const AHEAD = 15_000;
const POLL_MS = 5;
const NO_OTHER_BOUND = { bytes: 0, days: 0 };

interface Appended {
	readonly cpuMicros: number;
	/** Of each thread, the main one first. */
	readonly threads: readonly number[];
	readonly seconds: number;
	readonly longestGap: number;
	readonly size: number;
	readonly megabytes: number;
}

/**
 * A full storage that lets its oldest rows go for each that comes, and one that keeps them all:
 * what the difference costs, and whether queries are answered all the while.
 */
export async function measureRetention(plan: Plan): Promise<void> {
	const kept = KEPT_ROWS / plan.scale;
	const appended = APPENDED_ROWS / plan.scale;
	const bound: Appended[] = [];
	const free: Appended[] = [];
	for (let run = 0; run < RUNS; run++) {
		plan.say(`${appended} rows into ${kept}, run ${run + 1} of ${RUNS}`);
		// Each goes first in turn: the machine may be slower by and by.
		const takeBound = async () => bound.push(await append(plan, kept, appended, kept));
		const takeFree = async () => free.push(await append(plan, kept, appended, 0));
		await (run % 2 === 0 ? takeBound() : takeFree());
		await (run % 2 === 0 ? takeFree() : takeBound());
	}
	const cpu = (runs: readonly Appended[]) => median(runs.map(({ cpuMicros }) => cpuMicros));
	const gaps = (runs: readonly Appended[]) => Math.max(...runs.map(({ longestGap }) => longestGap));
	plan.print({
		measure: 'retention, per appended row',
		unit: 'µs of processor time of the whole engine',
		value: rounded2(cpu(bound) - cpu(free)),
		runs: bound.map(({ cpuMicros }, run) => rounded2(cpuMicros - (free[run]?.cpuMicros ?? NaN))),
		goal: '< 3, then < 1.5; no stall > 50 ms',
		n: RUNS,
		appended,
		kept,
		with_retention: rounded2(cpu(bound)),
		without: rounded2(cpu(free)),
		threads_with_retention: bound[0]?.threads.map(rounded2),
		threads_without: free[0]?.threads.map(rounded2),
		rows_per_s: Math.round(appended / median(bound.map(({ seconds }) => seconds))),
		rows_at_the_end: {
			with_retention: median(bound.map(({ size }) => size)),
			without: median(free.map(({ size }) => size)),
		},
		database_mb: {
			with_retention: rounded(median(bound.map(({ megabytes }) => megabytes))),
			without: rounded(median(free.map(({ megabytes }) => megabytes))),
		},
	});
	plan.print({
		measure: 'retention: longest time between two answers',
		unit: 'ms',
		value: rounded(gaps(bound)),
		runs: bound.map(({ longestGap }) => rounded(longestGap)),
		without_retention: rounded(gaps(free)),
		goal: '< 50',
		n: RUNS,
		how: `a client asks for the newest row, ${POLL_MS} ms after each answer`,
	});
}

async function append(
	plan: Plan,
	kept: number,
	appended: number,
	bound: number,
): Promise<Appended> {
	const path = join(plan.folder, 'retention.jsonl');
	writeFileSync(path, '');
	const writer = new StampedWriter(path);
	try {
		return await withEngine(
			plan.folder,
			async (engine) => {
				await engine.api.openSource({ type: 'file', path });
				await feed(engine, writer, 0, kept);
				await engine.untilPersisted(kept);
				await engine.untilTextKept();
				await delay(1_000);
				const before = threadSeconds(engine.pid);
				const cpuBefore = processorSeconds(engine.pid);
				const started = performance.now();
				const pulse = new QueryPulse(engine, POLL_MS);
				await feed(engine, writer, kept, kept + appended);
				const seconds = (performance.now() - started) / 1_000;
				// What leaves with the last rows belongs to them.
				await delay(1_000);
				const cpuMicros = ((processorSeconds(engine.pid) - cpuBefore) * 1e6) / appended;
				const after = threadSeconds(engine.pid);
				await pulse.stop();
				const { storage } = await engine.state();
				return {
					cpuMicros,
					threads: [...after]
						.map(([id, used]) => ((used - (before.get(id) ?? 0)) * 1e6) / appended)
						.filter((micros, place) => place === 0 || micros >= 0.05),
					seconds,
					longestGap: pulse.longestGap(started),
					size: storage.size,
					megabytes: await engine.close(),
				};
			},
			{ retention: { ...NO_OTHER_BOUND, rows: bound } },
		);
	} finally {
		writer.close();
		rmSync(path, { force: true });
	}
}

/** Writes as fast as the engine takes it. */
async function feed(
	engine: BenchEngine,
	writer: StampedWriter,
	from: number,
	to: number,
): Promise<void> {
	let written = from;
	for (;;) {
		const { storage } = await engine.state();
		if (storage.appended >= to) {
			return;
		}
		const end = Math.min(storage.appended + AHEAD, to);
		if (end - written >= AHEAD / 3 || (end === to && written < to)) {
			written = end;
			await writer.write({ end: written });
		}
		await delay(2);
	}
}

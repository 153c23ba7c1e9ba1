import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../support/until.ts';
import { withEngine } from './bench-engine.ts';
import type { Plan } from './plan.ts';
import { processorSeconds } from './process-usage.ts';
import { QueryPulse } from './query-pulse.ts';
import type { Beat } from './query-pulse.ts';
import { rounded, spread } from './statistics.ts';
import { StampedWriter } from './stamped-writer.ts';
import type { WriterReport } from './stamped-writer.ts';

const RATES = [20_000, 50_000, 100_000];
const SECONDS = 20;
const POLL_MS = 5;
/** As often as somebody sees the difference. */
const SELDOM_MS = 100;
/** Before the first line: the threads are started and the file is followed. */
export const WARM_LINES = 20_000;

/** Another process appends stamped lines: how long until a query has them, and what that costs. */
export async function measureLatency(plan: Plan): Promise<void> {
	const seconds = Math.max(SECONDS / plan.scale, 3);
	for (const rate of RATES) {
		plan.say(`${rate} lines/s for ${seconds} s`);
		const often = await followWriter(plan, rate, seconds, POLL_MS);
		const seldom = await followWriter(plan, rate, seconds, SELDOM_MS);
		plan.print({
			measure: 'live: line stamped to queryable',
			unit: 'ms',
			rate,
			...spread(often.latencies),
			cpu_percent_of_a_core: rounded(often.cpuPercent),
			cpu_percent_when_asked_every_100_ms: rounded(seldom.cpuPercent),
			goal: 'at 100,000 lines/s p99 < 50 and < 40 % of a core, then p99 < 15',
			n: often.lines,
			rate_reached: Math.round(often.lines / often.seconds),
			queries: often.queries,
			how: `a client asks for the newest row, ${POLL_MS} ms after each answer; its answers cost processor time too`,
			problems: often.problems,
		});
	}
}

interface Followed {
	/** One for each line. */
	readonly latencies: number[];
	readonly lines: number;
	readonly seconds: number;
	readonly queries: number;
	readonly cpuPercent: number;
	readonly problems: readonly string[];
}

async function followWriter(
	plan: Plan,
	rate: number,
	seconds: number,
	pollMs: number,
): Promise<Followed> {
	const path = join(plan.folder, 'live.jsonl');
	writeFileSync(path, '');
	const writer = new StampedWriter(path);
	try {
		return await withEngine(plan.folder, async (engine) => {
			await engine.api.openSource({ type: 'file', path });
			await writer.write({ end: WARM_LINES });
			await engine.untilRead(WARM_LINES);
			await delay(1_000);
			const cpuBefore = processorSeconds(engine.pid);
			const started = performance.now();
			const pulse = new QueryPulse(engine, pollMs);
			const report = await writer.write({ rate, seconds });
			await until('the last line', () => pulse.newest === report.written - 1, {
				deadlineMs: 60_000,
				instead: () => pulse.newest,
			});
			const took = (performance.now() - started) / 1_000;
			const cpu = processorSeconds(engine.pid) - cpuBefore;
			await pulse.stop();
			const { storage } = await engine.state();
			if (storage.size !== report.written) {
				throw new Error(`${report.written} lines were written, ${storage.size} stored`);
			}
			return {
				latencies: latenciesOf(report, pulse.beats),
				lines: report.written - WARM_LINES,
				seconds: report.seconds,
				queries: pulse.beats.length,
				cpuPercent: (cpu / took) * 100,
				problems: engine.problems,
			};
		});
	} finally {
		writer.close();
		rmSync(path, { force: true });
	}
}

/** A line can be queried from the first answer on that has it or a newer one. */
export function latenciesOf(
	{ batches }: WriterReport,
	beats: readonly Beat[],
	firstLine = WARM_LINES,
): number[] {
	const latencies: number[] = [];
	let beat = 0;
	let from = firstLine;
	for (const { stamped, end } of batches) {
		while ((beats[beat]?.newest ?? Infinity) < end - 1) {
			beat++;
		}
		const ms = (beats[beat]?.time ?? NaN) - stamped;
		for (; from < end; from++) {
			latencies.push(ms);
		}
	}
	return latencies;
}

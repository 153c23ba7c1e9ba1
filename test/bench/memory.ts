import { setTimeout as delay } from 'node:timers/promises';
import { withEngine } from './bench-engine.ts';
import { largestLog } from './plan.ts';
import type { Plan } from './plan.ts';
import { memoryUsage } from './process-usage.ts';
import { rounded } from './statistics.ts';

const IDLE_MS = 5_000;
/** An engine without logs may take so much. */
const BASE_MB = 150;

/** What the engine takes of memory once a large log is read, and after its rows were asked for. */
export async function measureMemory(plan: Plan): Promise<void> {
	const { path, lines } = largestLog(plan);
	plan.say(`memory with ${lines} lines`);
	await withEngine(plan.folder, async (engine) => {
		const empty = memoryUsage(engine.pid);
		await engine.api.openSource({ type: 'file', path });
		await engine.untilRead(lines);
		await engine.untilPersisted(lines);
		await delay(IDLE_MS);
		const indexed = memoryUsage(engine.pid);
		await engine.untilTextKept();
		await delay(IDLE_MS);
		const textKept = memoryUsage(engine.pid);
		// Columns and filters of all segments are looked at: they are in memory from then on.
		await engine.count({ min_level: 'WARNING', task_id: 'task_1' });
		await engine.count({ q: 'no such words' });
		await delay(IDLE_MS);
		const asked = memoryUsage(engine.pid);
		const perRow = (megabytes: number) => rounded(((megabytes - BASE_MB) * 1e6) / lines);
		plan.print({
			measure: 'memory of the engine, 5 s after the log was read',
			unit: 'MB resident',
			value: indexed.rss,
			bytes_per_row_beyond_150_mb: perRow(indexed.rss),
			after_queries: { rss: asked.rss, bytes_per_row_beyond_150_mb: perRow(asked.rss) },
			peak: asked.peak,
			goal: `<= 100 B a row + 150 MB = ${Math.round(BASE_MB + lines / 1e4)} MB, then 60 B = ${Math.round(BASE_MB + (lines * 6) / 1e5)} MB`,
			n: 1,
			lines,
			moments: { empty, indexed, text_kept: textKept, after_queries: asked },
		});
	});
}

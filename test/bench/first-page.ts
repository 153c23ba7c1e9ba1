import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { withEngine } from './bench-engine.ts';
import type { BenchEngine } from './bench-engine.ts';
import { generateLog } from './generate-log.ts';
import type { Plan } from './plan.ts';
import { median, rounded } from './statistics.ts';

const RUNS = 5;
const ROWS = 200;
const SMALL_LINES = 1_000;

/** Milliseconds of one opening. */
interface Opening {
	/** Until `openSource` is answered. */
	readonly opened: number;
	/** Until the rows are there. */
	readonly shown: number;
}

/**
 * A log is opened in a running engine: from the call to the answer with its newest 200 rows. Each
 * time in a new engine on a new data folder; once it is the first log, once another one was opened
 * before it.
 */
export async function measureFirstPage(plan: Plan): Promise<void> {
	const small = join(plan.folder, 'small.jsonl');
	generateLog(small, SMALL_LINES, 2);
	for (const { path, lines, bytes } of plan.logs) {
		plan.say(`first rows of ${lines} lines`);
		const first: Opening[] = [];
		const second: Opening[] = [];
		for (let run = 0; run < RUNS; run++) {
			first.push(await withEngine(plan.folder, (engine) => open(engine, path)));
			second.push(
				await withEngine(plan.folder, async (engine) => {
					await open(engine, small);
					await engine.untilRead(SMALL_LINES);
					await engine.untilTextKept();
					return open(engine, path);
				}),
			);
		}
		const shown = first.map((opening) => opening.shown);
		plan.print({
			measure: 'first 200 rows queryable',
			unit: 'ms',
			value: rounded(median(shown)),
			min: rounded(Math.min(...shown)),
			max: rounded(Math.max(...shown)),
			until_opened: rounded(median(first.map(({ opened }) => opened))),
			after_another_log: rounded(median(second.map((opening) => opening.shown))),
			after_another_log_until_opened: rounded(median(second.map(({ opened }) => opened))),
			goal: '< 20, then < 5',
			n: RUNS,
			lines,
			bytes,
		});
	}
	rmSync(small);
}

async function open(engine: BenchEngine, path: string): Promise<Opening> {
	const started = performance.now();
	await engine.api.openSource({ type: 'file', path });
	const opened = performance.now() - started;
	const rows = await engine.rows({ limit: ROWS });
	const shown = performance.now() - started;
	if (rows.length !== ROWS) {
		throw new Error(`${rows.length} rows were there instead of ${ROWS}`);
	}
	return { opened, shown };
}

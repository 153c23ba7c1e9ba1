import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startApp } from './app.ts';
import type { BenchApp } from './app.ts';
import { percentile, rounded } from './statistics.ts';

const REPETITIONS = 5;

/**
 * A large file is opened by its path: from the key that confirms it to the frame that shows its
 * newest rows, and what the engine's memory does until all of it is stored.
 */
export async function measureOpening(options: {
	readonly chromium: string;
	readonly folder: string;
	readonly file: string;
	readonly lines: number;
}): Promise<Record<string, unknown>[]> {
	const firstRows: number[] = [];
	let indexing: Record<string, unknown> = {};
	for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
		const app = await startApp(options);
		try {
			await watchFirstRow(app);
			await app.openFile(options.file);
			firstRows.push(await firstRowMs(app));
			if (repetition === REPETITIONS) {
				indexing = await watchIndexing(app, options.lines);
			}
		} finally {
			await app.close();
			rmSync(join(options.folder, 'data'), { recursive: true, force: true });
		}
	}
	return [
		{
			measure: 'open a large file: Enter to first rows on screen',
			unit: 'ms',
			median: rounded(percentile(firstRows, 0.5)),
			max: rounded(Math.max(...firstRows)),
			runs: REPETITIONS,
			goal: '< 300',
			lines: options.lines,
		},
		indexing,
	];
}

/** Notes in the page when Enter was pressed and when a frame first had a row's text. */
async function watchFirstRow(app: BenchApp): Promise<void> {
	await app.page.evaluate(() => {
		const times = { pressed: 0, shown: 0 };
		Object.assign(globalThis, { benchTimes: times });
		addEventListener(
			'keydown',
			(event) => {
				if (event.key === 'Enter') {
					times.pressed = performance.now();
				}
			},
			true,
		);
		const look = () => {
			const row = document.querySelector('[role=grid] [role=row][aria-rowindex="2"]');
			if (times.pressed > 0 && /\d\d:\d\d:\d\d/.test(row?.textContent ?? '')) {
				times.shown = performance.now();
			} else {
				requestAnimationFrame(look);
			}
		};
		requestAnimationFrame(look);
	});
}

async function firstRowMs(app: BenchApp): Promise<number> {
	const handle = await app.page.waitForFunction(() => {
		const { benchTimes } = globalThis as unknown as {
			benchTimes: { pressed: number; shown: number };
		};
		return benchTimes.shown > 0 ? benchTimes.shown - benchTimes.pressed : undefined;
	});
	return (await handle.jsonValue()) ?? NaN;
}

async function watchIndexing(app: BenchApp, lines: number): Promise<Record<string, unknown>> {
	const started = performance.now();
	const memory: number[] = [];
	const stored = app.page
		.getByRole('status')
		.filter({ hasText: `${lines.toLocaleString('en-US')} stored` });
	const done = stored.waitFor({ timeout: 600_000 }).then(() => true);
	while (
		!(await Promise.race([done, new Promise<false>((r) => setTimeout(() => r(false), 100))]))
	) {
		memory.push(app.engineMemory());
	}
	const seconds = (performance.now() - started) / 1_000;
	const quarter = Math.max(Math.floor(memory.length / 4), 1);
	return {
		measure: 'store the whole of it behind the first rows',
		unit: 'lines/s',
		value: Math.round(lines / seconds),
		seconds: rounded(seconds),
		engine_memory_mb: {
			first_quarter: Math.max(...memory.slice(0, quarter)),
			last_quarter: Math.max(...memory.slice(-quarter)),
			peak: Math.max(...memory),
		},
	};
}

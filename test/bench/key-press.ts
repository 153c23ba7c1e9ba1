import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startApp } from './app.ts';
import type { BenchApp } from './app.ts';
import { percentile, rounded } from './statistics.ts';

/** Filters with another newest row each: minimum levels, and back to any. */
const KEYS = ['Alt+6', 'Alt+0', 'Alt+5', 'Alt+0'] as const;
const ROUNDS = 15;

/** From a key that changes the filter to the frame in which the rows of the new one are painted. */
export async function measureKeyPress(options: {
	readonly chromium: string;
	readonly folder: string;
	readonly file: string;
	readonly lines: number;
}): Promise<Record<string, unknown>> {
	const app = await startApp({ ...options, files: [options.file] });
	try {
		const { page } = app;
		await page
			.getByRole('status')
			.filter({ hasText: `${options.lines.toLocaleString('en-US')} stored` })
			.waitFor({ timeout: 600_000 });
		await page.getByRole('grid', { name: 'Log entries' }).focus();
		const times: number[] = [];
		for (let press = 0; press < ROUNDS * KEYS.length; press++) {
			times.push(await pressAndWait(app, KEYS[press % KEYS.length] ?? 'Alt+0'));
		}
		return {
			measure: 'key press to painted rows',
			unit: 'ms',
			rows: options.lines,
			n: times.length,
			median: rounded(percentile(times, 0.5)),
			p95: rounded(percentile(times, 0.95)),
			max: rounded(Math.max(...times)),
			goal: 'p95 < 100',
		};
	} finally {
		await app.close();
		rmSync(join(options.folder, 'data'), { recursive: true, force: true });
	}
}

async function pressAndWait({ page }: BenchApp, key: string): Promise<number> {
	await page.evaluate(() => {
		const grid = document.querySelector('[role=grid]');
		const newest = () => grid?.querySelector('[role=row][aria-rowindex="2"]')?.textContent;
		const before = newest();
		const pressed = new AbortController();
		const painted = new Promise<number>((resolve) => {
			const start = ({ key: name, timeStamp }: KeyboardEvent) => {
				if (name === 'Alt') {
					return;
				}
				pressed.abort();
				const look = () =>
					newest() === before
						? void requestAnimationFrame(look)
						: resolve(performance.now() - timeStamp);
				requestAnimationFrame(look);
			};
			window.addEventListener('keydown', start, { capture: true, signal: pressed.signal });
		});
		Object.assign(globalThis, { benchPainted: painted });
	});
	await page.keyboard.press(key);
	return page.evaluate(
		() => (globalThis as unknown as { benchPainted: Promise<number> }).benchPainted,
	);
}

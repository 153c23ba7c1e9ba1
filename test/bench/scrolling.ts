import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { startApp } from './app.ts';
import type { BenchApp } from './app.ts';
import { percentile, rounded } from './statistics.ts';

const SCROLL_MS = 5_000;

/** Frames while all of some million rows are scrolled, by the wheel and by the scrollbar's thumb. */
export async function measureScrolling(options: {
	readonly chromium: string;
	readonly folder: string;
	readonly file: string;
	readonly lines: number;
}): Promise<Record<string, unknown>[]> {
	const app = await startApp({ ...options, files: [options.file] });
	try {
		const { page } = app;
		await page.getByLabel('Limit').selectOption('All');
		await page
			.getByRole('status')
			.filter({ hasText: `${options.lines.toLocaleString('en-US')} shown` })
			.waitFor({ timeout: 600_000 });
		await page.getByRole('grid', { name: 'Log entries' }).hover();
		const base = { unit: 'ms per frame', goal: 'p95 < 17', rows: options.lines };
		return [
			{ measure: 'idle, for comparison', ...base, ...(await frames(app, async () => {})) },
			{
				measure: 'scroll by wheel, 12 rows a tick',
				...base,
				...(await frames(app, () => page.mouse.wheel(0, 12 * 22))),
			},
			{
				measure: 'scroll by wheel, 400 rows a tick',
				...base,
				...(await frames(app, () => page.mouse.wheel(0, 400 * 22))),
			},
		];
	} finally {
		await app.close();
		rmSync(join(options.folder, 'data'), { recursive: true, force: true });
	}
}

/** The times between frames while `act` is done over and over. */
async function frames(app: BenchApp, act: () => Promise<void>): Promise<Record<string, number>> {
	await app.page.evaluate(() => {
		const times: number[] = [];
		Object.assign(globalThis, { benchFrames: times });
		let last = performance.now();
		const tick = (now: number) => {
			times.push(now - last);
			last = now;
			requestAnimationFrame(tick);
		};
		requestAnimationFrame(tick);
	});
	const end = performance.now() + SCROLL_MS;
	while (performance.now() < end) {
		await act();
		await app.page.evaluate(() => new Promise(requestAnimationFrame));
	}
	const times = await app.page.evaluate(() =>
		(globalThis as unknown as { benchFrames: number[] }).benchFrames.slice(2),
	);
	return {
		frames: times.length,
		median: rounded(percentile(times, 0.5)),
		p95: rounded(percentile(times, 0.95)),
		p99: rounded(percentile(times, 0.99)),
		max: rounded(Math.max(...times)),
	};
}

import { spawn } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.ts';
import { startApp } from './app.ts';
import type { BenchApp } from './app.ts';
import { percentile, rounded } from './statistics.ts';

/**
 * Another process writes at a steady rate; each line carries the time it was written. In every frame
 * the page notes the newest line it shows: all lines since the one before became visible then.
 */
export async function measureLive(options: {
	/** Lines are appended to a file that is open, or sent to the socket. */
	readonly by: 'file' | 'feed';
	readonly chromium: string;
	readonly folder: string;
	readonly rate: number;
	readonly seconds: number;
}): Promise<Record<string, unknown>> {
	const file = join(options.folder, 'live.jsonl');
	writeFileSync(file, '');
	const isFeed = options.by === 'feed';
	const app = await startApp({ ...options, files: isFeed ? [] : [file] });
	try {
		await watchNewestRow(app);
		await until('the socket', () => !isFeed || existsSync(app.socketPath));
		const writer = spawn(
			process.execPath,
			[
				'test/bench/write-lines.ts',
				isFeed ? app.socketPath : file,
				String(options.rate),
				String(options.seconds),
			],
			{ stdio: 'inherit' },
		);
		await new Promise((resolve) => writer.once('exit', resolve));
		const lines = options.rate * options.seconds;
		const { latencies, frames } = await readLatencies(app);
		return {
			measure: isFeed ? 'feed: sent to visible' : 'written to visible',
			unit: 'ms',
			rate: options.rate,
			lines,
			median: rounded(percentile(latencies, 0.5)),
			p95: rounded(percentile(latencies, 0.95)),
			p99: rounded(percentile(latencies, 0.99)),
			max: rounded(Math.max(...latencies)),
			frame_p95: rounded(percentile(frames, 0.95)),
			goal: 'p95 < 250',
			engine_memory_mb: app.engineMemory(),
		};
	} finally {
		await app.close();
		rmSync(join(options.folder, 'data'), { recursive: true, force: true });
	}
}

async function watchNewestRow(app: BenchApp): Promise<void> {
	await app.page.evaluate(() => {
		const latencies: number[] = [];
		const frames: number[] = [];
		Object.assign(globalThis, { benchLive: { latencies, frames } });
		let newest = 0;
		let lastFrame = performance.now();
		const look = (frame: number) => {
			frames.push(frame - lastFrame);
			lastFrame = frame;
			const row = document.querySelector('[role=grid] [role=row][aria-rowindex="2"]');
			const written = Number(/written at (\d+)/.exec(row?.textContent ?? '')?.[1] ?? 0);
			if (written > newest) {
				const now = Date.now();
				// Lines are written every 20 ms: one sample for each of these moments.
				for (let at = newest === 0 ? written : newest + 20; at <= written; at += 20) {
					latencies.push(now - at);
				}
				newest = written;
			}
			requestAnimationFrame(look);
		};
		requestAnimationFrame(look);
	});
}

function readLatencies(
	app: BenchApp,
): Promise<{ readonly latencies: number[]; readonly frames: number[] }> {
	return app.page.evaluate(
		() =>
			(globalThis as unknown as { benchLive: { latencies: number[]; frames: number[] } }).benchLive,
	);
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../support/find-chromium.ts';
import { generateLog } from './generate-log.ts';
import { measureKeyPress } from './key-press.ts';
import { measureLive } from './live.ts';
import { measureOpening } from './opening.ts';
import type { Plan } from './plan.ts';
import { measureScrolling } from './scrolling.ts';

const LARGE_LINES = 4_350_000;
const TEN_MILLION = 10_000_000;

/** What somebody sees: the built web host with Chromium in front of it. */
export async function measureBrowser(plan: Plan): Promise<void> {
	const { folder, scale, print } = plan;
	const chromium = findChromium(console.error);

	plan.say('opening in a browser');
	const large = join(folder, 'large.jsonl');
	const largeLines = LARGE_LINES / scale;
	const largeBytes = generateLog(large, largeLines);
	for (const figure of await measureOpening({ chromium, folder, file: large, lines: largeLines })) {
		print({ ...figure, bytes: largeBytes });
	}
	rmSync(large);

	plan.say('scrolling in a browser');
	const huge = join(folder, 'huge.jsonl');
	const lines = TEN_MILLION / scale;
	const bytes = generateLog(huge, lines);
	for (const figure of await measureScrolling({ chromium, folder, file: huge, lines })) {
		print({ ...figure, bytes });
	}
	plan.say('keys in a browser');
	print({ ...(await measureKeyPress({ chromium, folder, file: huge, lines })), bytes });
	rmSync(huge);

	plan.say('live rows in a browser');
	for (const by of ['file', 'feed'] as const) {
		print(await measureLive({ by, chromium, folder, rate: 5_000, seconds: 20 }));
	}
}

/**
 * `npm run bench`: prints one JSON line per figure, the first one about the machine. Files are
 * generated and removed again. `npm run bench -- --quick` takes a tenth of the sizes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../support/find-chromium.ts';
import { generateLog } from './generate-log.ts';
import { measureLive } from './live.ts';
import { describeMachine } from './machine.ts';
import { measureOpening } from './opening.ts';
import { measureScrolling } from './scrolling.ts';

const scale = process.argv.includes('--quick') ? 10 : 1;
const chromium = findChromium(console.error);
const folder = mkdtempSync(join(tmpdir(), 'asyncz-bench-'));
const print = (figure: Record<string, unknown>) => console.log(JSON.stringify(figure));

try {
	print({ machine: describeMachine(chromium), scale: 1 / scale });

	const large = join(folder, 'large.jsonl');
	const largeLines = 4_350_000 / scale;
	const largeBytes = generateLog(large, largeLines);
	for (const figure of await measureOpening({ chromium, folder, file: large, lines: largeLines })) {
		print({ ...figure, bytes: largeBytes });
	}
	rmSync(large);

	const million = join(folder, 'million.jsonl');
	const lines = 1_000_000 / scale;
	const bytes = generateLog(million, lines);
	for (const figure of await measureScrolling({ chromium, folder, file: million, lines })) {
		print({ ...figure, bytes });
	}
	rmSync(million);

	print(await measureLive({ chromium, folder, rate: 5_000, seconds: 20 }));
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** A process of its own that appends records at a steady rate: `write-lines.ts FILE RATE SECONDS`. */
import { appendFileSync } from 'node:fs';

const [path, rate, seconds] = process.argv.slice(2);
if (path === undefined) {
	throw new Error('write-lines.ts FILE RATE SECONDS');
}
const TICK_MS = 20;
const started = Date.now();
let written = 0;

const timer = setInterval(() => {
	const now = Date.now();
	const due = Math.floor(((now - started) * Number(rate)) / 1_000);
	const lines: string[] = [];
	for (; written < due; written++) {
		const ts = new Date(now).toISOString().replace('T', ' ').replace('Z', '000+00:00');
		lines.push(
			`{"ts": "${ts}", "level": "INFO", "message": "written at ${now} as line ${written}", "logger": "asyncz.bench", "task_id": "bench", "extra": null}\n`,
		);
	}
	appendFileSync(path, lines.join(''));
	if (now - started >= Number(seconds) * 1_000) {
		clearInterval(timer);
	}
}, TICK_MS);

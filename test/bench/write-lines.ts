/**
 * A process of its own that appends records at a steady rate: `write-lines.ts FILE RATE SECONDS`; to
 * a unix socket it sends them.
 */
import { appendFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';

const [path, rate, seconds] = process.argv.slice(2);
if (path === undefined) {
	throw new Error('write-lines.ts FILE RATE SECONDS');
}
const TICK_MS = 20;
const socket = statSync(path).isSocket() ? connect(path) : undefined;
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
	if (socket === undefined) {
		appendFileSync(path, lines.join(''));
	} else {
		socket.write(lines.join(''));
	}
	if (now - started >= Number(seconds) * 1_000) {
		clearInterval(timer);
		socket?.end();
	}
}, TICK_MS);

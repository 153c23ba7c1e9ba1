import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';

/** A record as AsyncZ writes it; what is not given is plain. */
export interface RecordFields {
	readonly level?: string;
	readonly message?: string;
	readonly logger?: string;
	readonly task_id?: string | null;
	readonly ts?: string;
	readonly [key: string]: unknown;
}

/** One line of a log, without its newline. */
export function line(fields: RecordFields = {}): string {
	return JSON.stringify({
		ts: '2026-11-22 10:19:46.278583+00:00',
		level: 'INFO',
		message: 'hello',
		logger: 'asyncz.schedulers',
		task_id: null,
		extra: null,
		...fields,
	});
}

/** Writes a log with these lines. */
export function writeLog(path: string, lines: readonly string[]): string {
	writeFileSync(path, lines.map((text) => `${text}\n`).join(''));
	return path;
}

/** Writes a log of `count` entries with the messages `entry 1`, `entry 2`, … */
export function writeEntries(path: string, count: number): string {
	const file = openSync(path, 'w');
	for (let first = 1; first <= count; first += 10_000) {
		const length = Math.min(10_000, count - first + 1);
		const lines = Array.from(
			{ length },
			(_, index) =>
				`{"ts":"2026-11-22T10:00:00Z","level":"INFO","message":"entry ${first + index}","logger":"a"}\n`,
		);
		writeSync(file, lines.join(''));
	}
	closeSync(file);
	return path;
}

/** Writes a log of `count` entries of 2.6 KB each, of which next to nothing can be compressed. */
export function writeNoise(path: string, count: number): string {
	const file = openSync(path, 'w');
	for (let n = 1; n <= count; n++) {
		writeSync(
			file,
			`${line({ message: `noise ${n} ${randomBytes(1_900).toString('base64')}` })}\n`,
		);
	}
	closeSync(file);
	return path;
}

const WRITER = `
	const { appendFileSync } = require('node:fs');
	process.stdin.on('data', (text) => appendFileSync(process.argv[1], text));
`;

/** Another process that writes to a log, as the program whose log it is does. */
export class LogWriter {
	readonly #process: ChildProcess;

	constructor(path: string) {
		this.#process = spawn(process.execPath, ['-e', WRITER, path], {
			stdio: ['pipe', 'ignore', 'inherit'],
		});
	}

	write(...lines: readonly string[]): void {
		this.writeRaw(lines.map((text) => `${text}\n`).join(''));
	}

	/** Writes text that need not be whole lines. */
	writeRaw(text: string): void {
		this.#process.stdin?.write(text);
	}

	end(): void {
		this.#process.stdin?.end();
	}
}

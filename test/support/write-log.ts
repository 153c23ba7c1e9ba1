import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temp-folder-of-test.ts';

/** A record as AsyncZ writes it, with a message that is unlike every other. */
export function asynczLine(message: string, fields: object = {}): string {
	return JSON.stringify({
		ts: '2026-11-22 10:19:46.278583+00:00',
		level: 'INFO',
		message,
		logger: 'asyncz.task',
		task_id: null,
		extra: null,
		...fields,
	});
}

/** Messages `<prefix> <from>` to `<prefix> <to - 1>`. */
export function numberedMessages(prefix: string, from: number, to: number): string[] {
	return Array.from({ length: to - from }, (_, index) => `${prefix} ${from + index}`);
}

/** Lines as they stand in a file. */
export function logText(messages: readonly string[]): string {
	return messages.map((message) => `${asynczLine(message)}\n`).join('');
}

/** A log of these messages in a folder of its own, removed after the test. */
export function newLog(messages: readonly string[] = [], name = 'app.jsonl'): string {
	const path = join(temporaryFolder(), name);
	writeFileSync(path, logText(messages));
	return path;
}

export function appendLog(path: string, messages: readonly string[]): void {
	appendFileSync(path, logText(messages));
}

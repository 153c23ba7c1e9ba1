import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import {
	FAILURES,
	FOREIGN_MESSAGES,
	LOGGERS,
	MESSAGES,
	RARE_MESSAGE,
	TRACEBACK,
} from './log-content.ts';

/** A repeatable stream of numbers in [0, 1): the same seed, the same log. */
export function randomNumbers(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		// Mulberry32, a 32-bit generator in the public domain.
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** How many of a log's first `lines` lines hold the rare message. */
export function rareLines(lines: number): number {
	return Math.ceil(Math.max(lines - RARE_AT, 0) / RARE_EVERY);
}

/** Milliseconds since 1970 of a generated log's first line, and from each to the next. */
export const LOG_START = Date.UTC(2026, 10, 22, 10, 0, 0);
export const LINE_MS = 2;
export const TASK_COUNT = 10_000;

const RARE_EVERY = 100_000;
const RARE_AT = 54_321;
const FOREIGN_EVERY = 1_000;
const FOREIGN_AT = 777;

// Tables instead of formatting: a log of 5 million lines is made of 100 million such pieces.
const DIGITS_3 = Array.from({ length: 1_000 }, (_, value) => String(value).padStart(3, '0'));
const HEX_4 = Array.from({ length: 65_536 }, (_, value) => value.toString(16).padStart(4, '0'));
const TASKS = Array.from({ length: TASK_COUNT }, (_, index) => `task_${index}`);

/**
 * AsyncZ records as a busy scheduler writes them: 10,000 tasks with a long tail, five levels in
 * realistic shares, uuids and numbers in the messages, a traceback in one line of a hundred.
 */
export function createLineSource(seed = 1): (index: number) => string {
	const random = randomNumbers(seed);
	const below = (limit: number) => Math.floor(random() * limit);
	const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
	const hex4 = () => HEX_4[below(65_536)] as string;
	const fillers: Readonly<Record<string, (task: string) => string>> = {
		task: (task) => task,
		uuid: () =>
			`${hex4()}${hex4()}-${hex4()}-4${hex4().slice(1)}-a${hex4().slice(1)}-${hex4()}${hex4()}${hex4()}`,
		hex8: () => hex4() + hex4(),
		n: () => String(below(100_000)),
		m: () => String(below(500)),
		a: () => String(below(5) + 1),
		ip: () => `10.${below(4)}.${below(250)}.${below(250)}`,
		port: () => String(1_024 + below(60_000)),
	};
	const compile = (template: string): ((task: string) => string) => {
		const parts = template.split(/\{(\w+)\}/).map((part, place) => {
			return place % 2 === 0 ? part : (fillers[part] as (task: string) => string);
		});
		return (task) => {
			let text = '';
			for (const part of parts) {
				text += typeof part === 'string' ? part : part(task);
			}
			return text;
		};
	};
	const messages = MESSAGES.map(compile);
	const failures = FAILURES.map(compile);
	const foreign = FOREIGN_MESSAGES.map(compile);
	const rare = compile(RARE_MESSAGE);
	let second = -1;
	let stamp = '';
	return (index) => {
		const ms = index * LINE_MS;
		if (Math.floor(ms / 1_000) !== second) {
			second = Math.floor(ms / 1_000);
			stamp = new Date(LOG_START + ms).toISOString().slice(0, 19).replace('T', ' ');
		}
		const task = TASKS[Math.floor(TASK_COUNT ** random())] as string;
		const share = random();
		const level = levelOf(share);
		const message =
			index % RARE_EVERY === RARE_AT
				? rare
				: index % FOREIGN_EVERY === FOREIGN_AT
					? pick(foreign)
					: pick(share < 0.87 ? messages : failures);
		const exception = level === 'ERROR' && random() < 0.25 ? `, "exception": "${TRACEBACK}"` : '';
		const logger = LOGGERS[Math.floor(LOGGERS.length * random() ** 2)] as string;
		return `{"ts": "${stamp}.${DIGITS_3[ms % 1_000]}${DIGITS_3[below(1_000)]}+00:00", "level": "${level}", "message": "${message(task)}", "logger": "${logger}", "task_id": "${task}", "extra": {"run_id": "${hex4()}${hex4()}", "attempt": ${below(3)}${exception}}}\n`;
	};
}

function levelOf(share: number): string {
	return share < 0.3
		? 'DEBUG'
		: share < 0.87
			? 'INFO'
			: share < 0.96
				? 'WARNING'
				: share < 0.998
					? 'ERROR'
					: 'CRITICAL';
}

/** Writes a log of `lines` records, down to the disk; returns its size in bytes. */
export function generateLog(path: string, lines: number, seed = 1): number {
	const next = createLineSource(seed);
	const file = openSync(path, 'w');
	let bytes = 0;
	let text = '';
	for (let index = 0; index < lines; index++) {
		text += next(index);
		if (text.length > 1_000_000 || index === lines - 1) {
			bytes += writeSync(file, text);
			text = '';
		}
	}
	// What is still to be written to the disk would be in the way of what is measured.
	fsyncSync(file);
	closeSync(file);
	return bytes;
}

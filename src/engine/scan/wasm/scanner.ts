import { nextLineEnd } from './bytes';
import {
	INPUT,
	LEVEL,
	LOGGER,
	MAX_ROWS,
	MESSAGE_LENGTH,
	MESSAGE_START,
	STARTS,
	STATUS,
	TASK,
	TS,
} from './layout';
import {
	OTHER,
	levelEnd,
	levelStart,
	loggerEnd,
	loggerStart,
	messageEnd,
	messageStart,
	readRecord,
	recordEnd,
	taskEnd,
	taskStart,
	ts,
} from './record';
import {
	TextTable,
	clearTexts,
	idOf,
	levels,
	loggers,
	tasks,
	textLength,
	textStart,
} from './texts';

/* What `wasm-scanner.ts` calls. It lays out the input; see `layout.ts` for everything else. */

export { addGrams } from './grams';
export { find } from './find';
export { clearTexts };
export {
	CAPITALS,
	FILTER,
	FOUND,
	INPUT,
	LEVEL,
	LOGGER,
	MAX_ROWS,
	MAX_STRETCHES,
	MESSAGE_LENGTH,
	MESSAGE_START,
	NEEDLE,
	NEEDLE_BYTES,
	PADDING,
	STARTS,
	STATUS,
	STRETCHES,
	TASK,
	TS,
} from './layout';

/** Where the next line begins, after `scan`. */
export let scanNext: usize = 0;

/**
 * Reads lines of the first `length` bytes of the input, from place `from` on, up to `MAX_ROWS`; how
 * many these are.
 */
export function scan(from: usize, length: usize): u32 {
	const end = INPUT + length;
	// An LF behind the input ends the last line. The byte may be input that is to be scanned later.
	const after = load<u8>(end);
	store<u8>(end, 0x0a);
	let at = INPUT + from;
	let row: u32 = 0;
	while (at < end && row < MAX_ROWS) {
		store<u32>(STARTS + 4 * row, at - INPUT);
		at = readLine(row, at);
		row++;
	}
	store<u8>(end, after);
	scanNext = at - INPUT;
	return row;
}

/** How many texts there are: of levels (0), loggers (1) or tasks (2). */
export function textCount(kind: i32): u32 {
	return tableOf(kind).count;
}

/** Where the text of an id is, and how long it is, in the upper half. */
export function textAt(kind: i32, id: u32): u64 {
	const table = tableOf(kind);
	return id === 0 || id > table.count
		? 0
		: textStart(table, id) | ((<u64>textLength(table, id)) << 32);
}

/** Reads the line at `start` into a row; where the next one begins. */
function readLine(row: u32, start: usize): usize {
	const status = readRecord(start);
	store<u8>(STATUS + row, status);
	if (status === OTHER) {
		return nextLineEnd(start) + 1;
	}
	const level = idOf(levels, levelStart, levelEnd - levelStart);
	const logger = idOf(loggers, loggerStart, loggerEnd - loggerStart);
	const task = taskEnd === 0 ? 0 : idOf(tasks, taskStart, taskEnd - taskStart);
	if (level < 0 || logger < 0 || task < 0) {
		store<u8>(STATUS + row, OTHER);
		return recordEnd + 1;
	}
	store<f64>(TS + 8 * row, <f64>ts);
	store<u16>(LEVEL + 2 * row, level);
	store<u32>(LOGGER + 4 * row, logger);
	store<u32>(TASK + 4 * row, task);
	store<u32>(MESSAGE_START + 4 * row, messageStart - start);
	store<u32>(MESSAGE_LENGTH + 4 * row, messageEnd - messageStart);
	return recordEnd + 1;
}

function tableOf(kind: i32): TextTable {
	return kind === 0 ? levels : kind === 1 ? loggers : tasks;
}

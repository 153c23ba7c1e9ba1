import {
	MAX_LEVELS,
	MAX_LEVEL_BYTES,
	MAX_LOGGERS,
	MAX_LOGGER_BYTES,
	MAX_TASKS,
	MAX_TASK_BYTES,
} from '../limits';

/*
 * Where everything lies in memory. Nothing is ever allocated: the input is last, and the memory
 * grows with it. The first 4 KiB are the compiler's.
 */

/** The filter that `addGrams` adds to: 65,536 bits. */
export const FILTER: usize = 0x1000;
export const FILTER_BYTES: usize = 8_192;

/** What `find` looks for: in small letters and in capitals. */
export const NEEDLE_BYTES: usize = 4_096;
export const NEEDLE: usize = FILTER + FILTER_BYTES;
export const CAPITALS: usize = NEEDLE + NEEDLE_BYTES;

/** Where it looks: so many stretches at most, their beginnings and ends by turns; and what it found. */
export const MAX_STRETCHES: u32 = 8_192;
export const STRETCHES: usize = CAPITALS + NEEDLE_BYTES;
export const FOUND: usize = STRETCHES + 8 * MAX_STRETCHES;

/** The columns of as many lines as `scan` reads in one go. */
export const MAX_ROWS: u32 = 8_192;
export const TS: usize = FOUND + MAX_STRETCHES;
export const STARTS: usize = TS + 8 * MAX_ROWS;
export const LOGGER: usize = STARTS + 4 * MAX_ROWS;
export const TASK: usize = LOGGER + 4 * MAX_ROWS;
export const MESSAGE_START: usize = TASK + 4 * MAX_ROWS;
export const MESSAGE_LENGTH: usize = MESSAGE_START + 4 * MAX_ROWS;
export const LEVEL: usize = MESSAGE_LENGTH + 4 * MAX_ROWS;
export const STATUS: usize = LEVEL + 2 * MAX_ROWS;

/** Bytes of a table of texts: its fields and entry 0, and of each text its slots, entry and padding. */
const TABLE_HEAD: usize = 64;
const TABLE_ENTRY: usize = 32;

/** Texts by their bytes; `texts.ts` says what such a table has. */
export const LEVELS: usize = STATUS + MAX_ROWS;
export const LOGGERS: usize =
	LEVELS + TABLE_HEAD + <usize>MAX_LEVELS * TABLE_ENTRY + MAX_LEVEL_BYTES;
export const TASKS: usize =
	LOGGERS + TABLE_HEAD + <usize>MAX_LOGGERS * TABLE_ENTRY + MAX_LOGGER_BYTES;
const TASKS_END: usize = TASKS + TABLE_HEAD + <usize>MAX_TASKS * TABLE_ENTRY + MAX_TASK_BYTES;

/** Readable bytes behind the input: it is read 16 bytes at a time. */
export const PADDING: usize = 64;
export const INPUT: usize = (TASKS_END + 0xffff) & ~0xffff;

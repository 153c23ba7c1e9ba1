import { MAX_LEVEL_LENGTH, MAX_TEXT_LENGTH } from '../limits';
import { hexNumber, skipSpace } from './bytes';
import { beginRecord, hasEscape, hasHigh, mayNameTask, skipString, skipValue } from './json';
import { NO_TIME, microsOf } from './time';

/* One AsyncZ record; `plain/record.ts` says the same in JavaScript. */

/** `LineStatus`. */
export const OTHER: u8 = 0;
const RECORD: u8 = 1;
const RECORD_WITH_CODING: u8 = 2;

/** AsyncZ's keys. */
const TS = 0;
const LEVEL = 1;
const MESSAGE = 2;
const LOGGER = 3;
const TASK = 4;
const EXTRA = 5;
const NO_KEY = -1;

/** Bits of the keys that a record must have. */
const NEEDED = (1 << TS) | (1 << LEVEL) | (1 << MESSAGE) | (1 << LOGGER);

// The record read last. Texts are between their quotes; without a task, `taskEnd` is 0.
export let ts: i64 = 0;
export let levelStart: usize = 0;
export let levelEnd: usize = 0;
export let loggerStart: usize = 0;
export let loggerEnd: usize = 0;
export let messageStart: usize = 0;
export let messageEnd: usize = 0;
export let taskStart: usize = 0;
export let taskEnd: usize = 0;
/** Where its line ends, the LF not included. */
export let recordEnd: usize = 0;

let hasCoding: bool = false;

/** Reads the line that begins at `start`; its status. */
export function readRecord(start: usize): u8 {
	beginRecord();
	taskEnd = 0;
	if (load<u8>(start) !== 0x7b) {
		return OTHER;
	}
	let seen = 0;
	let at = skipSpace(start + 1);
	while (true) {
		const name = keyAt(at);
		if (name === NO_KEY || (seen & (1 << name)) !== 0) {
			return OTHER;
		}
		seen |= 1 << name;
		at = skipSpace(at + keyLength(name));
		at = load<u8>(at) === 0x3a ? readMember(name, skipSpace(at + 1)) : 0;
		if (at === 0) {
			return OTHER;
		}
		at = skipSpace(at);
		if (load<u8>(at) !== 0x2c) {
			break;
		}
		at = skipSpace(at + 1);
	}
	recordEnd = skipSpace(at + 1);
	const isWhole = load<u8>(at) === 0x7d && load<u8>(recordEnd) === 0x0a;
	const isRecord = (seen & NEEDED) === NEEDED && (seen & ((1 << TASK) | (1 << EXTRA))) !== 0;
	if (!isWhole || !isRecord || (taskEnd === 0 && mayNameTask)) {
		return OTHER;
	}
	return hasCoding ? RECORD_WITH_CODING : RECORD;
}

/** The key that stands here, in its quotes. */
function keyAt(at: usize): i32 {
	switch (load<u32>(at)) {
		case 0x22737422: // "ts"
			return TS;
		case 0x76656c22: // "lev
			return load<u32>(at + 3) === 0x226c6576 ? LEVEL : NO_KEY; // vel"
		case 0x73656d22: // "mes
			return load<u64>(at + 1) === 0x226567617373656d ? MESSAGE : NO_KEY; // message"
		case 0x676f6c22: // "log
			return load<u64>(at) === 0x22726567676f6c22 ? LOGGER : NO_KEY; // "logger"
		case 0x73617422: // "tas
			return load<u64>(at + 1) === 0x2264695f6b736174 ? TASK : NO_KEY; // task_id"
		case 0x74786522: // "ext
			return load<u32>(at + 3) === 0x22617274 ? EXTRA : NO_KEY; // tra"
		default:
			return NO_KEY;
	}
}

/** The length of a key with its quotes. */
function keyLength(name: i32): usize {
	switch (name) {
		case TS:
			return 4;
		case LOGGER:
			return 8;
		case LEVEL:
		case EXTRA:
			return 7;
		default:
			return 9;
	}
}

/** Reads a member's value; 0 if it is none, or not one that this member may have. */
function readMember(name: i32, at: usize): usize {
	if (name === EXTRA) {
		return skipValue(at, 1);
	}
	if (load<u8>(at) !== 0x22) {
		return name === TASK && load<u8>(at) === 0x6e ? skipValue(at, 1) : 0;
	}
	const start = at + 1;
	const behind = skipString(start);
	const end = behind - 1;
	if (behind === 0) {
		return 0;
	}
	if (name === MESSAGE) {
		messageStart = start;
		messageEnd = end;
		hasCoding = hasEscape || hasHigh;
		return isNested(start) ? 0 : behind;
	}
	if (hasEscape) {
		return 0;
	}
	switch (name) {
		case TS:
			ts = microsOf(start, end);
			return ts === NO_TIME ? 0 : behind;
		case LEVEL:
			levelStart = start;
			levelEnd = end;
			return isLevel(start, end) ? behind : 0;
		case LOGGER:
			loggerStart = start;
			loggerEnd = end;
			return end - start <= <usize>MAX_TEXT_LENGTH ? behind : 0;
		default:
			taskStart = start;
			taskEnd = end;
			return end > start && end - start <= <usize>MAX_TEXT_LENGTH ? behind : 0;
	}
}

/** Whether a message may begin with `{`, behind white space of any kind: it is an object's text. */
function isNested(from: usize): bool {
	let at = from;
	while (true) {
		const byte: u32 = load<u8>(at);
		if (byte === 0x20) {
			at++;
		} else if (byte === 0x5c) {
			const kind = load<u8>(at + 1);
			if (kind === 0x75) {
				const unit = hexNumber(at + 2, 4);
				return unit <= 0x20 || unit === 0x7b || isSpaceRow(unit);
			}
			if (kind === 0x22 || kind === 0x5c || kind === 0x2f) {
				return false;
			}
			at += 2;
		} else if (byte >= 0xc2 && byte < 0xf0) {
			const low: u32 = (<u32>load<u8>(at + 1)) & 0x3f;
			const isTwo = byte < 0xe0;
			return isSpaceRow(isTwo ? ((byte & 0x1f) << 6) | low : ((byte & 0x0f) << 12) | (low << 6));
		} else {
			return byte === 0x7b;
		}
	}
}

/**
 * Whether a character stands in a row of 64 that has white space: U+0080 (U+0085, U+00A0), U+1680,
 * U+2000, U+2040, U+3000 or U+FEC0 (U+FEFF).
 */
function isSpaceRow(character: u32): bool {
	const row = character & 0xffc0;
	return (
		row === 0x80 ||
		row === 0x1680 ||
		row === 0x2000 ||
		row === 0x2040 ||
		row === 0x3000 ||
		row === 0xfec0
	);
}

/** Whether a level is one that stays as it is: visible ASCII without small letters. */
function isLevel(from: usize, to: usize): bool {
	if (to === from || to - from > <usize>MAX_LEVEL_LENGTH) {
		return false;
	}
	for (let at = from; at < to; at++) {
		const byte = load<u8>(at);
		if (byte <= 0x20 || byte >= 0x7f || (byte >= 0x61 && byte <= 0x7a)) {
			return false;
		}
	}
	return true;
}

import { MAX_DEPTH } from '../limits';
import { hexNumber, isDigit, skipSpace } from './bytes';
import { isUtf8 } from './utf8';

/*
 * The grammar of JSON over bytes, as strict as `JSON.parse`, and stricter: no invalid UTF-8, no lone
 * surrogate, no depth beyond `MAX_DEPTH`. Each function takes the place where something begins and
 * returns the place behind it, or 0 if it is not that. None passes an LF, so that the input needs
 * one behind its end. `plain/json.ts` says the same in JavaScript.
 */

/** Whether the last string had an escape, or a character beyond ASCII. */
export let hasEscape: bool = false;
export let hasHigh: bool = false;

/** Whether an object directly in the record may have a task's key. */
export let mayNameTask: bool = false;

/** Forgets what was seen of the record before. */
export function beginRecord(): void {
	mayNameTask = false;
}

/** A string from behind its first quote. */
export function skipString(from: usize): usize {
	const quotes = i8x16.splat(0x22);
	const backslashes = i8x16.splat(0x5c);
	const spaces = i8x16.splat(0x20);
	hasEscape = false;
	let high = 0;
	let at = from;
	while (true) {
		const block = v128.load(at);
		const ends = v128.or(i8x16.eq(block, quotes), i8x16.eq(block, backslashes));
		// Not only what ends a run: control characters are below the space.
		const stops = i8x16.bitmask(v128.or(ends, i8x16.lt_u(block, spaces)));
		if (stops === 0) {
			high |= i8x16.bitmask(block);
			at += 16;
			continue;
		}
		high |= i8x16.bitmask(block) & (stops ^ (stops - 1));
		at += ctz(stops);
		const byte = load<u8>(at);
		if (byte === 0x22) {
			hasHigh = high !== 0;
			return high === 0 || isUtf8(from, at) ? at + 1 : 0;
		}
		if (byte !== 0x5c) {
			return 0;
		}
		hasEscape = true;
		at = skipEscape(at);
		if (at === 0) {
			return 0;
		}
	}
}

/** Any value, within `depth` objects and arrays. */
export function skipValue(at: usize, depth: i32): usize {
	switch (load<u8>(at)) {
		case 0x22:
			return skipString(at + 1);
		case 0x7b:
			return depth < MAX_DEPTH ? skipObject(at, depth + 1) : 0;
		case 0x5b:
			return depth < MAX_DEPTH ? skipArray(at, depth + 1) : 0;
		case 0x74:
			return load<u32>(at) === 0x65757274 ? at + 4 : 0; // true
		case 0x6e:
			return load<u32>(at) === 0x6c6c756e ? at + 4 : 0; // null
		case 0x66:
			return load<u32>(at + 1) === 0x65736c61 ? at + 5 : 0; // false
		default:
			return skipNumber(at);
	}
}

function skipObject(from: usize, depth: i32): usize {
	let at = skipSpace(from + 1);
	if (load<u8>(at) === 0x7d) {
		return at + 1;
	}
	while (true) {
		if (load<u8>(at) !== 0x22) {
			return 0;
		}
		const key = at + 1;
		at = skipString(key);
		if (at === 0) {
			return 0;
		}
		if (depth === 2 && (hasEscape || isTaskKey(key, at - 1 - key))) {
			mayNameTask = true;
		}
		at = skipSpace(at);
		if (load<u8>(at) !== 0x3a) {
			return 0;
		}
		at = skipValue(skipSpace(at + 1), depth);
		if (at === 0) {
			return 0;
		}
		at = skipSpace(at);
		if (load<u8>(at) !== 0x2c) {
			return load<u8>(at) === 0x7d ? at + 1 : 0;
		}
		at = skipSpace(at + 1);
	}
}

function skipArray(from: usize, depth: i32): usize {
	let at = skipSpace(from + 1);
	if (load<u8>(at) === 0x5d) {
		return at + 1;
	}
	while (true) {
		at = skipValue(at, depth);
		if (at === 0) {
			return 0;
		}
		at = skipSpace(at);
		if (load<u8>(at) !== 0x2c) {
			return load<u8>(at) === 0x5d ? at + 1 : 0;
		}
		at = skipSpace(at + 1);
	}
}

function skipNumber(from: usize): usize {
	let at = load<u8>(from) === 0x2d ? from + 1 : from;
	// A number that begins with 0 has no more digits before its point.
	at = load<u8>(at) === 0x30 ? at + 1 : skipDigits(at);
	if (at !== 0 && load<u8>(at) === 0x2e) {
		at = skipDigits(at + 1);
	}
	if (at !== 0 && (load<u8>(at) | 0x20) === 0x65) {
		const sign = load<u8>(at + 1);
		at = skipDigits(sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
	}
	return at;
}

/** One digit or more. */
function skipDigits(from: usize): usize {
	let at = from;
	while (isDigit(load<u8>(at))) {
		at++;
	}
	return at > from ? at : 0;
}

/** An escape from its backslash; both halves of a surrogate pair. */
function skipEscape(at: usize): usize {
	switch (load<u8>(at + 1)) {
		case 0x22: // "
		case 0x5c: // \
		case 0x2f: // /
		case 0x62: // b
		case 0x66: // f
		case 0x6e: // n
		case 0x72: // r
		case 0x74: // t
			return at + 2;
		case 0x75: {
			const unit = hexNumber(at + 2, 4);
			if (unit < 0 || (unit & 0xf800) !== 0xd800) {
				return unit < 0 ? 0 : at + 6;
			}
			const isPair =
				unit < 0xdc00 &&
				load<u8>(at + 6) === 0x5c &&
				load<u8>(at + 7) === 0x75 &&
				(hexNumber(at + 8, 4) & 0xfffffc00) === 0xdc00;
			return isPair ? at + 12 : 0;
		}
		default:
			return 0;
	}
}

/** Whether a key is `task_id`, `job_id` or `asyncz_task_id`. */
function isTaskKey(key: usize, length: usize): bool {
	if (length === 7) {
		return load<u32>(key) === 0x6b736174 && load<u32>(key + 3) === 0x64695f6b; // task k_id
	}
	if (length === 6) {
		return load<u32>(key) === 0x5f626f6a && load<u16>(key + 4) === 0x6469; // job_ id
	}
	return (
		length === 14 &&
		load<u64>(key) === 0x745f7a636e797361 && // asyncz_t
		load<u64>(key + 6) === 0x64695f6b7361745f // _task_id
	);
}

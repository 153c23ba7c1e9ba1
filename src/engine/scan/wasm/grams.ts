import { hexNumber } from './bytes';
import { FILTER, INPUT } from './layout';

/*
 * The 4-grams of a block; `../grams.ts` says what they are for, and the same in JavaScript. A gram
 * is four bytes, the first one lowermost, without the case of letters.
 */

/** Adds the grams of input bytes [from, to) to the filter; whether a needle can be in disguise. */
export function addGrams(from: usize, to: usize): bool {
	const start = INPUT + from;
	const end = INPUT + to;
	for (let at = start; at + 4 <= end; at++) {
		const bit = ((load<u32>(at) | 0x20202020) * 0x9e3779b1) >> 16;
		const place = FILTER + 4 * (bit >> 5);
		store<u32>(place, load<u32>(place) | (1 << (bit & 31)));
	}
	return isOdd(start, end);
}

/**
 * Whether bytes have an escape of a character that stands for itself elsewhere, or U+212A or U+0130,
 * whose lower case begins with a letter of ASCII.
 */
function isOdd(start: usize, end: usize): bool {
	const backslashes = i8x16.splat(0x5c);
	const kelvin = i8x16.splat(<i8>0xe2);
	const dotted = i8x16.splat(<i8>0xc4);
	for (let at = start; at < end; at += 16) {
		const block = v128.load(at);
		let found = i8x16.bitmask(
			v128.or(
				i8x16.eq(block, backslashes),
				v128.or(i8x16.eq(block, kelvin), i8x16.eq(block, dotted)),
			),
		);
		for (; found !== 0; found &= found - 1) {
			const place = at + ctz(found);
			if (place < end && isOddAt(place, end)) {
				return true;
			}
		}
	}
	return false;
}

function isOddAt(at: usize, end: usize): bool {
	const first = load<u8>(at);
	if (first === 0xc4) {
		return at + 2 <= end && load<u8>(at + 1) === 0xb0;
	}
	if (first === 0xe2) {
		return at + 3 <= end && load<u8>(at + 1) === 0x84 && load<u8>(at + 2) === 0xaa;
	}
	const kind = load<u8>(at + 1);
	const digits: usize = kind === 0x75 ? 4 : kind === 0x78 ? 2 : 0;
	if (digits === 0 || at + 2 + digits > end) {
		return false;
	}
	const code = hexNumber(at + 2, digits);
	return code === 0x212a || code === 0x130 || isSafe(code);
}

/** Whether an encoder of JSON writes a character as it is, whoever wrote the encoder. */
function isSafe(code: i32): bool {
	switch (code) {
		case 0x22: // "
		case 0x5c: // \
		case 0x2f: // /
		case 0x3c: // <
		case 0x3e: // >
		case 0x26: // &
		case 0x27: // '
		case 0x2b: // +
		case 0x3d: // =
		case 0x60: // `
			return false;
		default:
			return code >= 0x20 && code < 0x7f;
	}
}

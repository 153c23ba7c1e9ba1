import { FILTER_BITS } from './scanner.ts';

/** A gram of the filter has this many bytes. */
const GRAM = 4;

/** Places a gram's hash in the filter: the upper bits of the product are the mixed ones. */
const HASH_SHIFT = 32 - Math.log2(FILTER_BITS);

/** ASCII that encoders of JSON escape, all or some of them by habit. */
const ESCAPED_BY_HABIT = `"\\/<>&'+=\``;

/** By byte: 1 if it stands for itself in JSON, whoever wrote it. */
const IS_SAFE = Uint8Array.from({ length: 256 }, (_, byte) =>
	byte >= 0x20 && byte < 0x7f && !ESCAPED_BY_HABIT.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * The bits of a filter that a block must have if a message in it contains a needle, given as the
 * UTF-8 of its lower case; `undefined` if there are none that it must have. Blocks whose `addGrams`
 * was true may lack them and still contain it.
 */
export function gramBits(needleLower: Uint8Array): Uint32Array | undefined {
	const bits = new Set<number>();
	let run = 0;
	for (let at = 0; at < needleLower.length; at++) {
		run = isSafe(needleLower[at]) ? run + 1 : 0;
		if (run >= GRAM) {
			bits.add(bitOf(foldedWord(needleLower, at - GRAM + 1)));
		}
	}
	return bits.size === 0 ? undefined : Uint32Array.from(bits);
}

/** Whether a block with this filter may contain what `gramBits` gave the bits of. */
export function mayContain(filter: Uint8Array, bits: Uint32Array): boolean {
	for (const bit of bits) {
		if (((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) {
			return false;
		}
	}
	return true;
}

/**
 * The longest part of a needle (in lower case) that stands as it is, but for the case of its
 * letters, in the bytes of any line whose message contains the needle, unless the block is one for
 * which `addGrams` was true. Empty if there is none.
 */
export function longestSafeRun(needleLower: string): string {
	let longest = '';
	let from = 0;
	for (let at = 0; at <= needleLower.length; at++) {
		const code = needleLower.charCodeAt(at);
		if (code < 0x80 && isSafe(code)) {
			continue;
		}
		if (at - from > longest.length) {
			longest = needleLower.slice(from, at);
		}
		from = at + 1;
	}
	return longest;
}

/** As `LineScanner.addGrams`, for bytes anywhere. */
export function addGramsOf(
	bytes: Uint8Array,
	from: number,
	to: number,
	filter: Uint8Array,
): boolean {
	let word = 0;
	let isOdd = false;
	for (let at = from; at < to; at++) {
		const byte = bytes[at] as number;
		word = (word >>> 8) | ((byte | 0x20) << 24);
		if (at - from >= GRAM - 1) {
			const bit = bitOf(word);
			filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
		}
		if ((byte === 0x5c || byte >= 0xc4) && !isOdd) {
			isOdd = isOddAt(bytes, at, to);
		}
	}
	return isOdd;
}

/**
 * Whether what begins here is a letter of a needle in disguise: an escape of a character that
 * stands for itself elsewhere, or one of the two characters beyond ASCII whose lower case begins
 * with an ASCII letter (U+212A, the Kelvin sign, and U+0130, the dotted I). What was encoded twice
 * has more backslashes; the last one counts.
 */
function isOddAt(bytes: Uint8Array, at: number, to: number): boolean {
	const [first, second, third] = bytes.subarray(at, Math.min(at + 3, to));
	if (first !== 0x5c) {
		return (
			(first === 0xc4 && second === 0xb0) || (first === 0xe2 && second === 0x84 && third === 0xaa)
		);
	}
	const digits = second === 0x75 ? 4 : second === 0x78 ? 2 : 0;
	if (digits === 0 || at + 2 + digits > to) {
		return false;
	}
	const hex = String.fromCharCode(...bytes.subarray(at + 2, at + 2 + digits));
	if (!/^[0-9a-f]+$/i.test(hex)) {
		return false;
	}
	const code = Number.parseInt(hex, 16);
	return code === 0x212a || code === 0x130 || (code < 0x80 && isSafe(code));
}

function isSafe(byte: number | undefined): boolean {
	return byte !== undefined && IS_SAFE[byte] === 1;
}

/** Four bytes, the first one lowermost, without the case of letters. */
function foldedWord(bytes: Uint8Array, at: number): number {
	let word = 0;
	for (let index = at; index < at + GRAM; index++) {
		word = (word >>> 8) | (((bytes[index] as number) | 0x20) << 24);
	}
	return word;
}

function bitOf(word: number): number {
	return Math.imul(word, 0x9e37_79b1) >>> HASH_SHIFT;
}

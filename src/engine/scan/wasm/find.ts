import { CAPITALS, INPUT, MAX_PLACES, NEEDLE, PLACES } from './layout';

/** Where `find` goes on if it was called once more: it ends when it has found `MAX_PLACES`. */
export let findNext: usize = 0;

/**
 * Writes to `PLACES` where the needle, `size` bytes at `NEEDLE` and `CAPITALS`, begins in the first
 * `length` bytes of the input, from place `from` on; how many places these are. Its first and last
 * byte are compared in 16 places at a time.
 */
export function find(from: usize, length: usize, size: usize): u32 {
	const last = size - 1;
	const first = i8x16.splat(load<u8>(NEEDLE));
	const firstCapital = i8x16.splat(load<u8>(CAPITALS));
	const final = i8x16.splat(load<u8>(NEEDLE + last));
	const finalCapital = i8x16.splat(load<u8>(CAPITALS + last));
	let count: u32 = 0;
	let at = from;
	for (; at + size <= length; at += 16) {
		const heads = v128.load(INPUT + at);
		const tails = v128.load(INPUT + at + last);
		let found = i8x16.bitmask(
			v128.and(
				v128.or(i8x16.eq(heads, first), i8x16.eq(heads, firstCapital)),
				v128.or(i8x16.eq(tails, final), i8x16.eq(tails, finalCapital)),
			),
		);
		if (found === 0) {
			continue;
		}
		if (count + 16 > MAX_PLACES) {
			break;
		}
		for (; found !== 0; found &= found - 1) {
			const place = at + ctz(found);
			if (place + size <= length && isNeedle(INPUT + place, last)) {
				store<u32>(PLACES + 4 * count, place);
				count++;
			}
		}
	}
	findNext = at;
	return count;
}

/** Whether the needle is here, its first and last byte being known to be. */
function isNeedle(start: usize, last: usize): bool {
	for (let at: usize = 1; at < last; at++) {
		const byte = load<u8>(start + at);
		if (byte !== load<u8>(NEEDLE + at) && byte !== load<u8>(CAPITALS + at)) {
			return false;
		}
	}
	return true;
}

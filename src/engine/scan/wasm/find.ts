import { CAPITALS, FOUND, INPUT, NEEDLE, STRETCHES } from './layout';

/**
 * Writes to `FOUND` in which of the first `count` stretches of the input, as they stand at
 * `STRETCHES`, the needle stands, `size` bytes at `NEEDLE` and `CAPITALS`: 1, else 0. Its first and
 * last byte are compared in 16 places at a time.
 */
export function find(count: u32, size: usize): void {
	const last = size - 1;
	const first = i8x16.splat(load<u8>(NEEDLE));
	const firstCapital = i8x16.splat(load<u8>(CAPITALS));
	const final = i8x16.splat(load<u8>(NEEDLE + last));
	const finalCapital = i8x16.splat(load<u8>(CAPITALS + last));
	for (let index: u32 = 0; index < count; index++) {
		const stretch = STRETCHES + 8 * <usize>index;
		const end = INPUT + load<u32>(stretch + 4);
		let isFound = false;
		for (let at = INPUT + load<u32>(stretch); at + size <= end && !isFound; at += 16) {
			const heads = v128.load(at);
			const tails = v128.load(at + last);
			let found = i8x16.bitmask(
				v128.and(
					v128.or(i8x16.eq(heads, first), i8x16.eq(heads, firstCapital)),
					v128.or(i8x16.eq(tails, final), i8x16.eq(tails, finalCapital)),
				),
			);
			for (; found !== 0 && !isFound; found &= found - 1) {
				const place = at + ctz(found);
				isFound = place + size <= end && isNeedle(place, last);
			}
		}
		store<u8>(FOUND + index, isFound ? 1 : 0);
	}
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

/** Behind spaces, tabs and CRs. */
export function skipSpace(from: usize): usize {
	let at = from;
	while (true) {
		const byte = load<u8>(at);
		if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) {
			return at;
		}
		at++;
	}
}

/** Where the next LF is; there must be one. */
export function nextLineEnd(from: usize): usize {
	const lineEnds = i8x16.splat(0x0a);
	let at = from;
	while (true) {
		const found = i8x16.bitmask(i8x16.eq(v128.load(at), lineEnds));
		if (found !== 0) {
			return at + ctz(found);
		}
		at += 16;
	}
}

export function isDigit(byte: u32): bool {
	return byte - 0x30 < 10;
}

/** The value of a hexadecimal digit, -1 if it is none. */
export function hexValue(byte: u32): i32 {
	if (isDigit(byte)) {
		return byte - 0x30;
	}
	const letter = (byte | 0x20) - 0x61;
	return letter < 6 ? letter + 10 : -1;
}

/** The value of `digits` hexadecimal digits, -1 if they are none. */
export function hexNumber(from: usize, digits: usize): i32 {
	let value = 0;
	for (let at = from; at < from + digits; at++) {
		const digit = hexValue(load<u8>(at));
		if (digit < 0) {
			return -1;
		}
		value = value * 16 + digit;
	}
	return value;
}

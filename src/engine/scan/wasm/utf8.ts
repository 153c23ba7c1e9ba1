/** Whether bytes [from, to) are valid UTF-8, `to` being the place of a character of ASCII. */
export function isUtf8(from: usize, to: usize): bool {
	let at = from;
	while (at < to) {
		const first = load<u8>(at);
		if (first < 0x80) {
			at++;
			continue;
		}
		const length = characterLength(at, first);
		if (length === 0) {
			return false;
		}
		at += length;
	}
	return true;
}

/** The length of a character of two to four bytes; 0 if it is none. */
function characterLength(at: usize, first: u32): usize {
	const second: u32 = load<u8>(at + 1);
	if (!isContinuation(second)) {
		return 0;
	}
	if (first < 0xe0) {
		return first >= 0xc2 ? 2 : 0;
	}
	if (first < 0xf0) {
		// Not what two bytes could say, and no surrogates.
		const isRight = (first !== 0xe0 || second >= 0xa0) && (first !== 0xed || second < 0xa0);
		return isRight && isContinuation(load<u8>(at + 2)) ? 3 : 0;
	}
	// Not what three bytes could say, and nothing beyond U+10FFFF.
	const isRight =
		(first !== 0xf0 || second >= 0x90) && (first < 0xf4 || (first === 0xf4 && second < 0x90));
	return isRight && isContinuation(load<u8>(at + 2)) && isContinuation(load<u8>(at + 3)) ? 4 : 0;
}

function isContinuation(byte: u32): bool {
	return (byte & 0xc0) === 0x80;
}

/** `needle` with its small letters of ASCII as capitals. */
export function capitals(needle: Uint8Array): Uint8Array {
	return needle.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
}

/** Says which stretches of `bytes` have a needle; see `LineScanner.find`. */
export function findInStretches(
	bytes: Uint8Array,
	stretches: Uint32Array,
	count: number,
	needle: Uint8Array,
	found: Uint8Array,
): void {
	const capital = capitals(needle);
	for (let index = 0; index < count; index++) {
		const [from = 0, to = 0] = [stretches[index * 2], stretches[index * 2 + 1]];
		found[index] = isIn(bytes, from, to, needle, capital) ? 1 : 0;
	}
}

/** Whether a needle stands in bytes [from, to). */
function isIn(
	bytes: Uint8Array,
	from: number,
	to: number,
	needle: Uint8Array,
	capital: Uint8Array,
): boolean {
	const [small] = needle;
	const [large] = capital;
	if (small === undefined) {
		return false;
	}
	const last = to - needle.length;
	for (let start = from; start <= last; start++) {
		if (bytes[start] !== small && bytes[start] !== large) {
			continue;
		}
		let at = 1;
		while (at < needle.length) {
			const byte = bytes[start + at];
			if (byte !== needle[at] && byte !== capital[at]) {
				break;
			}
			at++;
		}
		if (at >= needle.length) {
			return true;
		}
	}
	return false;
}

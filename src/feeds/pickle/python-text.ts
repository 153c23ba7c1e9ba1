import { FrameRefused } from './frame-refused.ts';
import type { PyBytes } from './pickle-value.ts';
import { fromPython2 } from './python-bytes.ts';

const REPLACEMENT = '\ufffd';

/**
 * Reads UTF-8 as Python's `surrogatepass` does: half of a surrogate pair, which UTF-8 itself can't
 * say, is kept. Bytes that are no UTF-8 at all become U+FFFD.
 */
export function readUtf8(bytes: Buffer, start: number, end: number): string {
	const text = bytes.toString('utf8', start, end);
	return text.includes(REPLACEMENT) ? readWithSurrogates(bytes, start, end) : text;
}

function readWithSurrogates(bytes: Buffer, start: number, end: number): string {
	let text = '';
	let from = start;
	for (let at = start; at + 2 < end; at++) {
		const second = bytes[at + 1] ?? 0;
		const third = bytes[at + 2] ?? 0;
		if (bytes[at] === 0xed && second >= 0xa0 && second <= 0xbf && third >= 0x80 && third <= 0xbf) {
			text += bytes.toString('utf8', from, at);
			text += String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
			from = at + 3;
			at += 2;
		}
	}
	return text + bytes.toString('utf8', from, end);
}

/** Text of protocol 0, Python's `raw-unicode-escape`: Latin-1, and the rest as `\u20ac`. */
export function readRawUnicode(line: string): string {
	return line.replace(
		/\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})/g,
		(whole, short: string | undefined, long: string | undefined) => {
			const code = Number.parseInt(short ?? long ?? '', 16);
			return code > 0x10ffff ? whole : String.fromCodePoint(code);
		},
	);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** A string of Python 2 in protocol 0: as `repr` writes it, in its quotes. */
export function readRepr(line: string): string | PyBytes {
	const quote = line[0];
	if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote) {
		throw new FrameRefused('A string of the pickle has no quotes around it.');
	}
	const text = line
		.slice(1, -1)
		.replace(/\\(?:x([\da-f]{2})|(.))/gi, (_, hex: string | undefined, char: string | undefined) =>
			hex === undefined
				? (ESCAPES[char ?? ''] ?? char ?? '')
				: String.fromCharCode(Number.parseInt(hex, 16)),
		);
	return fromPython2(Buffer.from(text, 'latin1'));
}

import { PyBytes, PyName, PyObject } from './pickle-value.ts';
import type { PickleValue } from './pickle-value.ts';

/** The bytes that a value stands for, if it does. */
export function bytesOf(value: PickleValue | undefined): Buffer | undefined {
	if (value instanceof PyBytes) {
		return value.data;
	}
	if (value instanceof PyObject) {
		return value.callee instanceof PyName && value.callee.name === '_codecs.encode'
			? encodedBytes(value.args)
			: undefined;
	}
	return typeof value === 'string' ? latin1Bytes(value) : undefined;
}

/** Protocols 0 to 2 have no bytes: they call `_codecs.encode` with the bytes as text. */
export function encodedBytes([text, encoding]: readonly PickleValue[]): Buffer | undefined {
	const isLatin1 = encoding === 'latin1' || encoding === 'latin-1';
	return isLatin1 && typeof text === 'string' ? latin1Bytes(text) : undefined;
}

function latin1Bytes(text: string): Buffer | undefined {
	return /[^\0-\xff]/.test(text) ? undefined : Buffer.from(text, 'latin1');
}

/** A string of Python 2: text if it is ASCII, else bytes that may be text. */
export function fromPython2(bytes: Buffer): string | PyBytes {
	return bytes.every((byte) => byte < 0x80) ? bytes.toString('latin1') : new PyBytes(bytes, true);
}

/** What a string of Python 2 says if it is text: UTF-8, or else Latin-1. */
export function textOfPython2(bytes: Buffer): string {
	const text = bytes.toString('utf8');
	return text.includes('\ufffd') ? bytes.toString('latin1') : text;
}

const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HEX = Buffer.from('0123456789abcdef');
const NAMED: Readonly<Record<number, string>> = { 0x09: 't', 0x0a: 'n', 0x0d: 'r' };

/** Bytes as Python's `repr` shows them: `b'ab\xff'`. */
export function reprOfBytes(bytes: Buffer): string {
	const quote = bytes.includes(QUOTE) && !bytes.includes(DOUBLE_QUOTE) ? DOUBLE_QUOTE : QUOTE;
	// In bytes: a string that grows by a character a time takes thirty times its length.
	const out = Buffer.allocUnsafe(bytes.length * 4);
	let length = 0;
	for (let i = 0; i < bytes.length; i++) {
		const byte = bytes[i] ?? 0;
		if (byte >= 0x20 && byte < 0x7f && byte !== quote && byte !== BACKSLASH) {
			out[length++] = byte;
			continue;
		}
		out[length++] = BACKSLASH;
		const named = NAMED[byte];
		if (named !== undefined) {
			out[length++] = named.charCodeAt(0);
		} else if (byte === quote || byte === BACKSLASH) {
			out[length++] = byte;
		} else {
			out[length++] = 0x78;
			out[length++] = HEX[byte >> 4] ?? 0;
			out[length++] = HEX[byte & 15] ?? 0;
		}
	}
	const mark = String.fromCharCode(quote);
	return `b${mark}${out.toString('latin1', 0, length)}${mark}`;
}

import { FrameRefused } from './frame-refused.ts';
import { MAX_DIGITS, MAX_LONG_BYTES } from './limits.ts';
import { PyFloat } from './pickle-value.ts';

/** An integer in decimal, as protocols 0 and 1 write all that are beyond 32 bits. */
export function readInteger(text: string): number | bigint {
	if (text.length > MAX_DIGITS + 1) {
		throw new FrameRefused(
			`An integer of the pickle has more than ${MAX_DIGITS.toLocaleString('en')} digits.`,
		);
	}
	if (!/^[+-]?\d+$/.test(text)) {
		throw new FrameRefused('An integer of the pickle has other characters than digits.');
	}
	const value = Number(text);
	return Number.isSafeInteger(value) ? value : BigInt(text.startsWith('+') ? text.slice(1) : text);
}

/** An integer in two's complement, its lowest byte first. */
export function readBinaryInteger(bytes: Buffer): number | bigint {
	if (bytes.length > MAX_LONG_BYTES) {
		throw new FrameRefused(
			`An integer of the pickle has more than ${MAX_DIGITS.toLocaleString('en')} digits.`,
		);
	}
	if (bytes.length === 0) {
		return 0;
	}
	if (bytes.length <= 6) {
		return bytes.readIntLE(0, bytes.length);
	}
	const unsigned = BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
	const value = BigInt.asIntN(8 * bytes.length, unsigned);
	const number = Number(value);
	return Number.isSafeInteger(number) ? number : value;
}

const FLOAT_WORDS = new Map([
	['nan', Number.NaN],
	['inf', Number.POSITIVE_INFINITY],
	['-inf', Number.NEGATIVE_INFINITY],
]);

/** A float in decimal, as protocol 0 writes it. */
export function readFloat(text: string): PyFloat {
	const word = FLOAT_WORDS.get(text);
	if (word !== undefined) {
		return new PyFloat(word);
	}
	if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) || text.length > MAX_DIGITS) {
		throw new FrameRefused('A float of the pickle is no number.');
	}
	return new PyFloat(Number(text));
}

/** A float as Python's `json.dumps` writes it: `1.0`, `1e-07`, `NaN`. */
export function floatText(value: number): string {
	if (!Number.isFinite(value)) {
		return String(value);
	}
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
		// Both write the shortest digits that read as the same float; Python has two for a power.
		return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
	}
	const text = Object.is(value, -0) ? '-0' : String(value);
	return Number.isInteger(value) ? `${text}.0` : text;
}

import { addGramsOf, gramBits, longestSafeRun, mayContain } from '#engine/scan/grams.ts';
import { createPlainScanner } from '#engine/scan/plain-scanner.ts';
import { FILTER_BYTES } from '#engine/scan/scanner.ts';
import { createWasmScanner } from '#engine/scan/wasm-scanner.ts';
import { describe, expect, it } from 'vitest';
import { createLineSource } from '../../../bench/generate-log.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

const wasm = createWasmScanner();
const plain = createPlainScanner();

interface Block {
	readonly filter: Uint8Array;
	readonly isOdd: boolean;
}

/** The filter of bytes [from, to), for which both scanners are asked. */
function blockOf(text: Buffer, from = 0, to = text.length): Block {
	const [one, other] = [wasm, plain].map((scanner) => {
		scanner.input(text.length).set(text);
		const filter = Buffer.alloc(FILTER_BYTES);
		return { filter, isOdd: scanner.addGrams(from, to, filter) };
	});
	if (one === undefined || one.isOdd !== other?.isOdd || !one.filter.equals(other.filter)) {
		throw new Error(`The scanners differ over ${text.toString()}`);
	}
	return one;
}

function bitsOf(needle: string): Uint32Array | undefined {
	return gramBits(Buffer.from(needle.toLowerCase()));
}

/** Whether a search has to look into the block. */
function mayHave({ filter, isOdd }: Block, needle: string): boolean {
	const bits = bitsOf(needle);
	return isOdd || bits === undefined || mayContain(filter, bits);
}

/** A text as some encoder writes it: with more escapes than it must, in either case. */
function encode(text: string, random: Random): string {
	const share = random.pick([0, 0, 0, 0, 0.02, 0.5]);
	const units = text.split('').map((unit) => {
		const code = unit.charCodeAt(0);
		const hex = code.toString(16).padStart(4, '0');
		const isHabit = /["\\/<>&'+=`\0-\x1f\x7f]/.test(unit);
		if (random.chance(isHabit ? 0.5 : share)) {
			return `\\u${random.chance(0.5) ? hex : hex.toUpperCase()}`;
		}
		return unit === '/' && random.chance(0.5) ? '\\/' : JSON.stringify(unit).slice(1, -1);
	});
	return units.join('');
}

const ALPHABETS = [
	'abkKiI09 -_',
	'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
	'ab"\\/<>&\'+=`\n\t\x7f[{]}@~^',
	'kKiI\u212a\u0130\u0131éÉßẞ漢\u{1f600}Σς',
];

describe('the filter of a block', () => {
	it(
		'lets through whatever a message contains, however it was written',
		() => {
			const random = new Random(404);
			let passed = 0;
			let odd = 0;
			for (let round = 0; round < 20_000 * TEST_SCALE; round++) {
				const letters = [
					...random.pick(ALPHABETS),
					...(random.chance(0.4) ? random.pick(ALPHABETS) : ''),
				];
				const message = Array.from({ length: random.below(90) }, () => random.pick(letters)).join(
					'',
				);
				const text = Buffer.from(`{"message": "${encode(message, random)}"}`);
				expect(JSON.parse(text.toString())).toEqual({ message });
				const lower = message.toLowerCase();
				const from = random.below(lower.length + 1);
				const needle = lower.slice(from, from + 1 + random.below(30));
				const block = blockOf(text);
				expect(mayHave(block, needle), `${JSON.stringify(needle)} in ${text.toString()}`).toBe(
					true,
				);
				const run = longestSafeRun(needle);
				const isThere = new Uint8Array(1);
				plain.find(Uint32Array.of(0, text.length), 1, Buffer.from(run), isThere);
				expect(run === '' || block.isOdd || isThere[0] === 1).toBe(true);
				odd += block.isOdd ? 1 : 0;
				passed += !block.isOdd && bitsOf(needle) !== undefined ? 1 : 0;
			}
			// The pairs say something only if the filter was asked at all.
			expect(passed).toBeGreaterThan(5_000 * TEST_SCALE);
			expect(odd).toBeGreaterThan(1_000 * TEST_SCALE);
		},
		60_000 * TEST_SCALE,
	);

	it('keeps out nearly all words that are not there', () => {
		const nextLine = createLineSource(11);
		const text = Buffer.from(Array.from({ length: 512 }, (_, i) => nextLine(i)).join(''));
		const block = blockOf(text);
		expect(block.isOdd).toBe(false);
		expect(mayHave(block, 'EXECUTED successfully')).toBe(true);
		const absent = ['deadlock', 'certificate', 'kubernetes', '9b3f-77ac', 'quota exceeded'];
		expect(absent.filter((needle) => mayHave(block, needle))).toEqual([]);
	});

	it('needs nothing of a needle that has no four plain characters in a row', () => {
		expect(bitsOf('abc')).toBeUndefined();
		expect(bitsOf('abc"def')).toBeUndefined();
		expect(bitsOf("a'b/c+d<e")).toBeUndefined();
		expect(bitsOf('äöüß')).toBeUndefined();
		expect(bitsOf('abcd')).toHaveLength(1);
		expect(bitsOf('abcd/efgh')).toHaveLength(2);
		expect(bitsOf('ababababab')).toHaveLength(2);
	});

	it('counts a part that stands in the bytes as it is', () => {
		expect(longestSafeRun('job "billing-7" at 10/12')).toBe('billing-7');
		expect(longestSafeRun('größe des blocks')).toBe('e des blocks');
		expect(longestSafeRun('ab/cd')).toBe('ab');
		expect(longestSafeRun('"\\/')).toBe('');
		expect(longestSafeRun('')).toBe('');
		expect(longestSafeRun('plain words')).toBe('plain words');
	});

	it.each([
		['an escaped letter', '\\u0062', true],
		['an escaped letter, encoded twice', '\\\\u0062', true],
		['a letter as Python may escape it', '\\x62', true],
		['the Kelvin sign', '\u212a', true],
		['the Kelvin sign, escaped', '\\u212A', true],
		['the dotted I', '\u0130', true],
		['the dotted I, escaped', '\\u0130', true],
		['an escaped quote', '\\u0022\\u003c\\u0026\\u0027', false],
		['an escaped control character', '\\u001b[31m\\u007f\\n', false],
		['an escaped umlaut', '\\u00fc\\u0131', false],
		['no escape after all', '\\u00', false],
		['other letters', 'äöüßé漢字\u{1f600}', false],
	])('says whether a needle can be in disguise: %s', (_, text, isOdd) => {
		expect(blockOf(Buffer.from(`aaaa ${text} bbbb`)).isOdd).toBe(isOdd);
		expect(blockOf(Buffer.from(text)).isOdd).toBe(isOdd);
	});

	it('reads no byte that is not of the block', () => {
		const text = Buffer.from('xxabcdefyy\\u0062\u212a');
		expect(blockOf(text, 2, 8)).toEqual(blockOf(Buffer.from('abcdef')));
		expect(mayHave(blockOf(text, 2, 8), 'xxab')).toBe(false);
		expect(mayHave(blockOf(text, 2, 8), 'efyy')).toBe(false);
		expect(blockOf(text, 10, 15).isOdd).toBe(false);
		expect(blockOf(text, 10, 16).isOdd).toBe(true);
		expect(blockOf(text, 16, 18).isOdd).toBe(false);
		expect(blockOf(text, 16, 19).isOdd).toBe(true);
		expect(blockOf(text, 3, 6).filter.every((byte) => byte === 0)).toBe(true);
		expect(blockOf(text, 3, 3).isOdd).toBe(false);
	});

	it('adds to what is there, from bytes anywhere', () => {
		const filter = new Uint8Array(FILTER_BYTES);
		plain.input(4).set(Buffer.from('abcd'));
		plain.addGrams(0, 4, filter);
		wasm.input(4).set(Buffer.from('EFGH'));
		wasm.addGrams(0, 4, filter);
		expect(addGramsOf(Buffer.from('ijkl'), 0, 4, filter)).toBe(false);
		const block = { filter, isOdd: false };
		expect(['abcd', 'efgh', 'ijkl', 'mnop'].filter((word) => mayHave(block, word))).toHaveLength(3);
	});

	it('knows all characters whose lower case has ASCII letters', () => {
		const beyond = Array.from({ length: 0x11_0000 - 0x80 }, (_, i) => i + 0x80)
			.filter((code) => code < 0xd800 || code > 0xdfff)
			.filter((code) => /[\0-\x7f]/.test(String.fromCodePoint(code).toLowerCase()));
		expect(beyond).toEqual([0x130, 0x212a]);
	});
});

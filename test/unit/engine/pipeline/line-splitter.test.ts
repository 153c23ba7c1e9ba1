import { describe, expect, test } from 'vitest';
import { LineSplitter } from '#engine/pipeline/line-splitter.ts';
import type { RawLine } from '#engine/pipeline/line-splitter.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

/** Everything that is hard about a line end, a character or an offset, in few bytes. */
const TRICKY = Buffer.concat([
	Buffer.from('\ufeffa\r\n\n\r\nb\rc\n'),
	Buffer.from('\u2028d\u0085e\n😀ß\n\0f\0\n'),
	bytes('\xff\xfe bad\n\xc3\n\xf0\x9f\x98\n\xed\xa0\x80\n'),
	Buffer.from('\ufeffnot at the start\n\r\r\ng'),
]);

function split(chunks: readonly Buffer[], limit?: number): RawLine[] {
	const splitter = new LineSplitter(0, limit);
	return chunks.flatMap((chunk) => {
		const lent = Buffer.from(chunk);
		const lines = splitter.push(lent);
		lent.fill(0x58); // a chunk may be reused once it was taken
		return lines;
	});
}

const line = (text: string, offset: number, more: Partial<RawLine> = {}): RawLine => ({
	text,
	offset,
	...more,
});

test('splits at LF alone, takes one CR before it away, and keeps bytes that are no UTF-8', () => {
	expect(split([TRICKY])).toEqual([
		line('a', 0),
		line('', 6),
		line('', 7),
		line('b\rc', 9),
		line('\u2028d\u0085e', 13),
		line('😀ß', 21),
		line('\0f\0', 28),
		line('\ufffd\ufffd bad', 32, { bytes: bytes('\xff\xfe bad') }),
		line('\ufffd', 39, { bytes: bytes('\xc3') }),
		line('\ufffd', 41, { bytes: bytes('\xf0\x9f\x98') }),
		line('\ufffd\ufffd\ufffd', 45, { bytes: bytes('\xed\xa0\x80') }),
		line('\ufeffnot at the start', 49),
		line('\r', 69),
	]);
});

test('gives the same lines wherever the bytes are cut', () => {
	const whole = split([TRICKY]);
	for (let first = 0; first <= TRICKY.length; first++) {
		for (let second = first; second <= TRICKY.length; second += 3) {
			const chunks = [
				TRICKY.subarray(0, first),
				TRICKY.subarray(first, second),
				TRICKY.subarray(second),
			];
			expect({ first, second, lines: split(chunks) }).toEqual({ first, second, lines: whole });
		}
	}
	expect(split([...TRICKY].map((byte) => Buffer.from([byte])))).toEqual(whole);
});

test('holds back an unfinished line and says how long it is', () => {
	const splitter = new LineSplitter(100);
	const steps = ['ab', 'c\nd', 'e', '\n', ''].map((text) => {
		const lines = splitter.push(Buffer.from(text));
		return { lines, held: splitter.heldBytes, offset: splitter.offset };
	});
	expect(steps).toEqual([
		{ lines: [], held: 2, offset: 100 },
		{ lines: [line('abc', 100)], held: 1, offset: 104 },
		{ lines: [], held: 2, offset: 104 },
		{ lines: [line('de', 104)], held: 0, offset: 107 },
		{ lines: [], held: 0, offset: 107 },
	]);
});

test('at the end gives the unfinished line as it is', () => {
	const ends = ['', 'a\n', 'a\nb', 'a\nb\r', '\0\0'].map((text) => {
		const splitter = new LineSplitter(100);
		splitter.push(Buffer.from(text));
		return { lines: splitter.end(), held: splitter.heldBytes, offset: splitter.offset };
	});
	expect(ends).toEqual([
		{ lines: [], held: 0, offset: 100 },
		{ lines: [], held: 0, offset: 102 },
		{ lines: [line('b', 102)], held: 0, offset: 103 },
		{ lines: [line('b', 102)], held: 0, offset: 104 },
		{ lines: [line('\0\0', 100)], held: 0, offset: 102 },
	]);
});

describe('a line over the limit', () => {
	test.each([
		['of exactly the limit is whole', '12345678\n', line('12345678', 0)],
		['of one more is cut', '123456789\n', line('12345678', 0, { cutFrom: 9 })],
		['counts the CR it had', '12345678\r\n', line('12345678', 0, { cutFrom: 9 })],
		[
			'cut inside a character keeps its bytes',
			'1234567ß\n',
			line('1234567\ufffd', 0, { cutFrom: 9, bytes: bytes('1234567\xc3') }),
		],
	])('%s', (_, text, expected) => {
		const whole = Buffer.from(`${text}next\n`);
		const rest = line('next', whole.length - 5);
		expect(split([whole], 8)).toEqual([expected, rest]);
		for (let at = 0; at <= whole.length; at++) {
			expect(split([whole.subarray(0, at), whole.subarray(at)], 8)).toEqual([expected, rest]);
		}
	});

	test('takes no memory beyond the limit while it grows', () => {
		const splitter = new LineSplitter(0, 1_000);
		const chunk = Buffer.alloc(1_000_000, 0x61);
		const before = process.memoryUsage().arrayBuffers;
		for (let count = 0; count < 300; count++) {
			splitter.push(chunk);
		}
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
		expect(splitter.heldBytes).toBe(300_000_000);
		expect(splitter.push(Buffer.from('b\n'))).toEqual([
			line('a'.repeat(1_000), 0, { cutFrom: 300_000_001 }),
		]);
	});
});

describe('a hole, as a log has that was truncated under its writer', () => {
	const HOLE = 5_000;

	test('is stepped over, whatever the cut, and counts in offsets', () => {
		const hole = Buffer.alloc(HOLE);
		const rest = Buffer.from('{"msg": "m"}\nnext\n');
		for (let at = 0; at <= rest.length; at += 2) {
			const chunks = [
				hole.subarray(0, 1_234),
				hole.subarray(1_234),
				rest.subarray(0, at),
				rest.subarray(at),
			];
			expect(split(chunks)).toEqual([line('{"msg": "m"}', HOLE), line('next', HOLE + 13)]);
		}
	});

	test('of any length takes no memory and cuts no line', () => {
		const splitter = new LineSplitter(0, 1_000);
		const chunk = Buffer.alloc(1_000_000);
		const before = process.memoryUsage().arrayBuffers;
		for (let count = 0; count < 300; count++) {
			splitter.push(chunk);
		}
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
		expect(splitter.heldBytes).toBe(300_000_000);
		expect(splitter.push(Buffer.from('after\n'))).toEqual([line('after', 300_000_000)]);
	});

	test('that ends its line leaves an empty one', () => {
		expect(split([Buffer.alloc(HOLE), Buffer.from('\nnext\n')])).toEqual([
			line('', HOLE),
			line('next', HOLE + 1),
		]);
	});

	test('after other bytes is part of its line', () => {
		const [first] = split([Buffer.from('a'), Buffer.alloc(HOLE), Buffer.from('b\n')]);
		expect(first).toEqual(line(`a${'\0'.repeat(HOLE)}b`, 0));
	});

	test('shorter than a page is shown', () => {
		expect(split([bytes('\0\0\0a\n')])).toEqual([line('\0\0\0a', 0)]);
	});
});

test('the lines and their ends are the input again, byte by byte', () => {
	const random = new Random(3);
	const alphabet = [0x0a, 0x0a, 0x0d, 0x00, 0x61, 0x62, 0xc3, 0xbc, 0xf0, 0x9f, 0x98, 0x80, 0xff];
	for (let round = 0; round < 3_000 * TEST_SCALE; round++) {
		const input = Buffer.from(
			Array.from({ length: random.below(60) }, () => random.pick(alphabet)),
		);
		const cuts = [random.below(61), random.below(61)].sort((a, b) => a - b);
		const lines = split([
			input.subarray(0, cuts[0]),
			input.subarray(cuts[0], cuts[1]),
			input.subarray(cuts[1]),
		]);
		const end = input.lastIndexOf(0x0a) + 1;
		const again = lines.map(({ text, bytes: own, offset }, index) => {
			const written = own ?? Buffer.from(text);
			const next = lines[index + 1]?.offset ?? end;
			return Buffer.concat([written, input.subarray(offset + written.length, next)]);
		});
		const ends = lines.map(({ text, bytes: own, offset }, index) => {
			const next = lines[index + 1]?.offset ?? end;
			return input.toString('latin1', offset + (own ?? Buffer.from(text)).length, next);
		});
		expect({ input, again: Buffer.concat(again) }).toEqual({
			input,
			again: input.subarray(0, end),
		});
		expect(ends.filter((lineEnd) => lineEnd !== '\n' && lineEnd !== '\r\n')).toEqual([]);
	}
});

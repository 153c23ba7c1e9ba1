import { createPlainScanner } from '#engine/scan/plain-scanner.ts';
import { createWasmScanner } from '#engine/scan/wasm-scanner.ts';
import type { LineScanner } from '#engine/scan/scanner.ts';
import { describe, expect, it } from 'vitest';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

const SCANNERS = [
	{ name: 'in WebAssembly', create: createWasmScanner },
	{ name: 'in plain JavaScript', create: createPlainScanner },
];

/** In which stretches, [from, to) each, a needle is found. */
function findIn(
	scanner: LineScanner,
	text: Buffer,
	needle: Buffer,
	stretches: readonly (readonly [number, number])[] = [[0, text.length]],
): boolean[] {
	scanner.input(text.length).set(text);
	const found = new Uint8Array(stretches.length).fill(7);
	scanner.find(Uint32Array.from(stretches.flat()), stretches.length, needle, found);
	return [...found].map((each) => each === 1);
}

/** The same, the slow way: byte by byte. */
function isIn(text: Buffer, needle: Buffer, from: number, to: number): boolean {
	const folded = Buffer.from(
		text.subarray(from, to).map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)),
	);
	return needle.length > 0 && folded.includes(needle);
}

describe.each(SCANNERS)('finding $name', ({ create }) => {
	it('finds letters in any case, and nothing else in another one', () => {
		const scanner = create();
		for (const [text, needle, isThere] of [
			['a TimeOut b', 'timeout', true],
			['[TIMEOUT]', 'timeout', true],
			['tim eout', 'timeout', false],
			['{x}', '[x]', false],
			['[x]', '[x]', true],
			['[x]', '{x}', false],
			['`', '@', false],
			['@', '`', false],
			['Grüße', 'grü', true],
			['GRÜSSE', 'grü', false],
		] as const) {
			expect(findIn(scanner, Buffer.from(text), Buffer.from(needle))).toEqual([isThere]);
		}
	});

	it('finds what stands in a stretch as a whole, and no empty needle', () => {
		const scanner = create();
		const text = Buffer.from('abcabcabc');
		const stretches = [
			[0, 9],
			[0, 3],
			[1, 4],
			[3, 5],
			[6, 9],
			[7, 9],
			[4, 4],
		] as const;
		const found = [true, true, false, false, true, false, false];
		expect(findIn(scanner, text, Buffer.from('abc'), stretches)).toEqual(found);
		expect(findIn(scanner, text, Buffer.alloc(0), stretches)).not.toContain(true);
		expect(findIn(scanner, text, Buffer.from('abcabcabcabc'))).toEqual([false]);
	});

	it('looks into more stretches than fit in at once, and for a needle of 5,000 bytes', () => {
		const scanner = create();
		const text = Buffer.alloc(60_000, 'aB');
		const stretches = Array.from({ length: 20_000 }, (_, at) => [at, at + 1 + (at % 3)] as const);
		expect(findIn(scanner, text, Buffer.from('b'), stretches)).toEqual(
			stretches.map(([from, to]) => isIn(text, Buffer.from('b'), from, to)),
		);
		const long = Buffer.alloc(5_000, 'ab');
		const around = [
			[0, 5_000],
			[1, 5_001],
			[2, 5_001],
		] as const;
		expect(findIn(scanner, text, long, around)).toEqual([true, false, false]);
	});

	it(
		'finds the same as a search byte by byte',
		() => {
			const scanner = create();
			const random = new Random(17);
			for (let round = 0; round < 3_000 * TEST_SCALE; round++) {
				const alphabet = random.pick(['ab', 'abAB', 'aA[{@`', 'kK\u212aé\n"']);
				const some = (length: number) =>
					Buffer.from(Array.from({ length }, () => random.pick([...alphabet])).join(''));
				const text = some(random.below(200));
				const needle = Buffer.from(
					some(random.below(random.pick([4, 40])))
						.toString()
						.replace(/[A-Z]/g, 'a'),
				);
				const stretches = Array.from({ length: random.below(8) }, () => {
					const ends = [random.below(text.length + 1), random.below(text.length + 1)];
					return [Math.min(...ends), Math.max(...ends)] as const;
				});
				expect(findIn(scanner, text, needle, stretches)).toEqual(
					stretches.map(([from, to]) => isIn(text, needle, from, to)),
				);
			}
		},
		60_000 * TEST_SCALE,
	);
});

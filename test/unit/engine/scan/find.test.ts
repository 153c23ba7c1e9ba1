import { createPlainScanner } from '#engine/scan/plain-scanner.ts';
import { createWasmScanner } from '#engine/scan/wasm-scanner.ts';
import type { LineScanner } from '#engine/scan/scanner.ts';
import { describe, expect, it } from 'vitest';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

const SCANNERS = [
	{ name: 'in WebAssembly', create: createWasmScanner },
	{ name: 'in plain JavaScript', create: createPlainScanner },
];

function findIn(scanner: LineScanner, text: Buffer, needle: Buffer): number[] {
	scanner.input(text.length).set(text);
	return [...scanner.find(text.length, needle)];
}

/** All places of a needle, the slow way: byte by byte. */
function placesOf(text: Buffer, needle: Buffer): number[] {
	const folded = Buffer.from(
		text.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)),
	);
	const places: number[] = [];
	let place = needle.length === 0 ? -1 : folded.indexOf(needle);
	while (place !== -1) {
		places.push(place);
		place = folded.indexOf(needle, place + 1);
	}
	return places;
}

describe.each(SCANNERS)('finding $name', ({ create }) => {
	it('finds letters in any case, and nothing else in another one', () => {
		const scanner = create();
		const text = Buffer.from('Timeout TIMEOUT [timeout] {x} [x] @ `');
		expect(findIn(scanner, text, Buffer.from('timeout'))).toEqual([0, 8, 17]);
		expect(findIn(scanner, text, Buffer.from('[x]'))).toEqual([30]);
		expect(findIn(scanner, text, Buffer.from('{x}'))).toEqual([26]);
		expect(findIn(scanner, text, Buffer.from('@'))).toEqual([34]);
		expect(findIn(scanner, text, Buffer.from('`'))).toEqual([36]);
	});

	it('finds what overlaps, and bytes beyond ASCII as they are', () => {
		const scanner = create();
		expect(findIn(scanner, Buffer.from('aAaAa'), Buffer.from('aaa'))).toEqual([0, 1, 2]);
		expect(findIn(scanner, Buffer.from('Grüße, GRÜSSE'), Buffer.from('grü'))).toEqual([0]);
	});

	it('finds nothing behind the length, nothing too long, and no empty needle', () => {
		const scanner = create();
		scanner.input(100).fill(0x61);
		expect(scanner.find(5, Buffer.from('aaaa'))).toHaveLength(2);
		expect(scanner.find(3, Buffer.from('aaaa'))).toHaveLength(0);
		expect(scanner.find(0, Buffer.from('a'))).toHaveLength(0);
		expect(scanner.find(100, Buffer.alloc(0))).toHaveLength(0);
		expect(scanner.find(100, Buffer.alloc(101, 0x61))).toHaveLength(0);
	});

	it('finds more places than it writes in one go, and a needle of 5,000 bytes', () => {
		const scanner = create();
		const text = Buffer.alloc(50_000, 'aB');
		expect(findIn(scanner, text, Buffer.from('b'))).toEqual(placesOf(text, Buffer.from('b')));
		expect(findIn(scanner, text, Buffer.alloc(5_000, 'ab'))).toHaveLength(22_501);
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
				expect(findIn(scanner, text, needle)).toEqual(placesOf(text, needle));
			}
		},
		60_000 * TEST_SCALE,
	);
});

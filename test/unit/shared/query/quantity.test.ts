import { describe, expect, test } from 'vitest';
import { compareDecimals, readDecimal } from '#shared/query/decimal.ts';
import { asQuantity, readQuantity } from '#shared/query/quantity.ts';

const inOrder = [
	...'-1e400 -12 -1.5 -1 -.5 0 1e-400 0.1 0.25 1 1.0000000000000001 9 10 99'.split(' '),
	...'9007199254740992 9007199254740993 1e30 1e400'.split(' '),
];

test('Decimal numbers are in exact order', () => {
	const numbers = inOrder.map(readDecimal).filter((number) => number !== undefined);
	expect(numbers.length).toBe(inOrder.length);
	for (const [i, one] of numbers.entries()) {
		for (const [j, other] of numbers.entries()) {
			expect([i, j, Math.sign(compareDecimals(one, other))]).toEqual([i, j, Math.sign(i - j)]);
		}
	}
});

test.each(['500', '5e2', '+500', '500.', '0500.00', '5000e-1', '0.5E3'])('%s is 500', (text) => {
	expect(readDecimal(text)).toEqual(readDecimal('500'));
});

test.each(['', '.', '-', 'e5', '5e', '1_000', '0x10', ' 5', '1,5', 'NaN', 'Infinity'])(
	'%j is no decimal number',
	(text) => {
		expect(readDecimal(text)).toBeUndefined();
	},
);

describe('A quantity', () => {
	test.each([
		['5', 'number', '5'],
		['1.5s', 'duration', '1.5'],
		['250 ms', 'duration', '0.25'],
		['3us', 'duration', '0.000003'],
		['3µs', 'duration', '0.000003'],
		['7ns', 'duration', '0.000000007'],
		['2m', 'duration', '120'],
		['1.5h', 'duration', '5400'],
		['1d', 'duration', '86400'],
		['1h30m', 'duration', '5400'],
		['1m2.5s', 'duration', '62.5'],
		['-2m', 'duration', '-120'],
		['10B', 'size', '10'],
		['10 bytes', 'size', '10'],
		['1kB', 'size', '1000'],
		['1.5MB', 'size', '1500000'],
		['1KiB', 'size', '1024'],
		['0.5GiB', 'size', '536870912'],
	])('%s is a %s of %s', (text, of, value) => {
		expect(readQuantity(text)).toEqual({ of, value: readDecimal(value) });
	});

	test.each(['', 's', '5x', '1h 30m', '5 s s', '1.2.3', '10:19', 'a5s', `${'1'.repeat(101)}`])(
		'%j is none',
		(text) => {
			expect(readQuantity(text)).toBeUndefined();
		},
	);

	test.each([
		['duration_ms', 'duration', '0.005'],
		['durationMs', 'duration', '0.005'],
		['http.elapsed_us', 'duration', '0.000005'],
		['seconds', 'duration', '5'],
		['wait_min', 'duration', '300'],
		['duration', 'duration', '5'],
		['items', 'duration', '5'],
		['size_kb', 'size', '5000'],
		['sizeKB', 'size', '5000'],
		['sizeMiB', 'size', '5242880'],
		['mem_mib', 'size', '5242880'],
		['size', 'size', '5'],
		['duration_ms', 'size', '5'],
	] as const)('5 in a field %s is as a %s %s', (name, of, value) => {
		const five = readQuantity('5');
		expect(five && asQuantity(five, of, name)).toEqual({ of, value: readDecimal(value) });
	});
});

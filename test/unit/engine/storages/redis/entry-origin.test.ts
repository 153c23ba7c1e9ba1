import { expect, test } from 'vitest';
import { splitOrigin, withOrigin } from '#engine/storages/redis/entry-origin.ts';
import { Random } from '../../../../support/entries.ts';
import { randomExtra } from '../../../../support/random-details.ts';

const ORIGIN = { writer: '3f2c-A', number: 9_007_199_254_740_991 };
const TEXT = '3f2c-A:9007199254740991';

test.each([
	[undefined, `{"asyncz_companion": "${TEXT}"}`],
	['{}', `{ "asyncz_companion": "${TEXT}"}`],
	['{ }', `{  "asyncz_companion": "${TEXT}"}`],
	['{"rows": 1520}', `{"rows": 1520, "asyncz_companion": "${TEXT}"}`],
	['{"a": 1 }', `{"a": 1 , "asyncz_companion": "${TEXT}"}`],
	['{"nested": {"b": {}}}', `{"nested": {"b": {}}, "asyncz_companion": "${TEXT}"}`],
])('an origin goes into %s and out of it again', (extra, written) => {
	expect(withOrigin(extra, ORIGIN)).toBe(written);
	expect(splitOrigin(written)).toEqual({ extra, origin: TEXT });
});

test('whatever is in an extra comes back to the letter, and stays JSON with an origin in it', () => {
	const random = new Random(5);
	for (let round = 0; round < 500; round++) {
		const extra = randomExtra(random).trim();
		expect(splitOrigin(withOrigin(extra, ORIGIN))).toEqual({ extra, origin: TEXT });
	}
});

test('an origin within an origin is the extra of an entry that was read from another stream', () => {
	const once = withOrigin('{"a": 1}', { writer: 'first', number: 1 });
	expect(splitOrigin(withOrigin(once, ORIGIN))).toEqual({ extra: once, origin: TEXT });
});

test.each([
	['[1, 2]', '{"extra": "[1, 2]"}'],
	['no JSON', '{"extra": "no JSON"}'],
	['null', undefined],
	[' ', undefined],
])('what is no object, %s, becomes a member of one', (extra, expected) => {
	expect(splitOrigin(withOrigin(extra, ORIGIN))?.extra).toBe(expected);
});

test.each([
	'',
	'{}',
	'{"rows": 1520}',
	'{"asyncz_companion": "a:1", "then": 2}',
	'{"asyncz_companion": "a:b"}',
	'{"asyncz_companion": {"asyncz_companion": "a:1"}}',
	'{"a":1,"asyncz_companion": "a:1"}',
	`"asyncz_companion": "a:1"}`,
])('there is none in %s', (extra) => {
	expect(splitOrigin(extra)).toBeUndefined();
});

import { describe, expect, test } from 'vitest';
import { MAX_JSON_DEPTH, parseJson } from '#shared/json/parse-json.ts';
import { TOO_DEEP, jsonProblem } from '#engine/pipeline/json-problem.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

describe('what is wrong with JSON is said with its place', () => {
	test.each([
		['{', 'ends too early, after column 1: expected a key in quotes or }.'],
		['{"a": 1', 'ends too early, after column 7: expected a comma or the closing bracket.'],
		['{"a": 1} trailing', 'is none: column 10: expected the end of the line.'],
		['{"a": undefined}', 'is none: column 7: expected a value.'],
		['{"a": hello}', 'is none: column 7: expected a value.'],
		["{'a': 1}", 'is none: column 2: expected a key in quotes or }.'],
		['{"a" 1}', 'is none: column 6: expected a colon.'],
		['{"a": 1 "b": 2}', 'is none: column 9: expected a comma or the closing bracket.'],
		['{"a": 1,}', 'is none: column 9: expected a key in quotes.'],
		['{"a": [1,]}', 'is none: column 10: expected a value.'],
		['{"a": [}', 'is none: column 8: expected a value or ].'],
		['{"a": 1]', 'is none: column 8: expected a comma or the closing bracket.'],
		['{"a": "x', 'ends too early, after column 8: expected the rest of a text in quotes.'],
		['{"a": "\\q"}', 'is none: column 8: expected the rest of a text in quotes.'],
		['{"a": "\\u12"}', 'is none: column 8: expected the rest of a text in quotes.'],
		['{"a": 01}', 'is none: column 7: expected a value.'],
		['{"a": 1.}', 'is none: column 7: expected a value.'],
		['["a"', 'ends too early, after column 4: expected a comma or the closing bracket.'],
		['', 'ends too early, after column 0: expected a value.'],
	])('%s', (text, problem) => {
		expect(jsonProblem(text)).toBe(`It begins like JSON but ${problem}`);
	});
});

test.each([
	['{}'],
	[' {"a": [1, NaN, -Infinity, "x\\"y", null]} '],
	['[]'],
	['"x"'],
	['1e5'],
	['[[{}]]'],
])('nothing is wrong with %s', (text) => {
	expect(jsonProblem(text)).toBeUndefined();
});

test.each([
	['[', ']'],
	['{"a":', '}'],
])('a value in %s is too deep exactly where the reader says so', (open, close) => {
	for (const depth of [
		MAX_JSON_DEPTH - 1,
		MAX_JSON_DEPTH,
		MAX_JSON_DEPTH + 1,
		MAX_JSON_DEPTH + 2,
	]) {
		for (const inner of ['1', '"x"', '{}', '[]']) {
			const text = open.repeat(depth) + inner + close.repeat(depth);
			expect({ depth, inner, problem: jsonProblem(text) }).toEqual({
				depth,
				inner,
				problem: parseJson(text) === undefined ? TOO_DEEP : undefined,
			});
		}
	}
});

test('it finds a problem exactly where the reader refuses a text', () => {
	const random = new Random(11);
	const pieces = [
		'{',
		'}',
		'[',
		']',
		':',
		',',
		'"',
		'"a"',
		'1',
		'-',
		'.5',
		'null',
		'NaN',
		' ',
		'\\',
		'x',
	];
	for (let round = 0; round < 20_000 * TEST_SCALE; round++) {
		const count = random.below(12);
		const text = `{"a": ${Array.from({ length: count }, () => random.pick(pieces)).join('')}}`;
		expect({ text, isJson: jsonProblem(text) === undefined }).toEqual({
			text,
			isJson: parseJson(text) !== undefined,
		});
	}
});

import { describe, expect, test } from 'vitest';
import { memberOf, parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';
import { Random, TEST_SCALE } from '../../support/entries.ts';

const STRINGS = [
	'',
	'a',
	'ß😀',
	'"',
	'\\',
	'\n\t',
	'\u0000',
	'\ud83d',
	'__proto__',
	'toString',
	'/',
];
// No key with a backslash in it: V8 13.6 (Node 24) reads `{"\\":1}` and then takes the key of
// `{"\"":1}` for the same. Ours are tested by hand.
const KEYS = STRINGS.filter((text) => !text.includes('\\'));
const NUMBERS = [0, -0, 1, -1, 1.5, 1e21, 1e-7, 123456789012, 5e-324, 1.7976931348623157e308];
const CHARACTERS = [
	'{',
	'}',
	'[',
	']',
	'"',
	',',
	':',
	'\\',
	'0',
	'-',
	'.',
	'e',
	'+',
	' ',
	'u',
	'\t',
];

describe('against JSON.parse', () => {
	test('reads what JSON.stringify writes to the same value', () => {
		const random = new Random(1);
		for (let round = 0; round < 3_000 * TEST_SCALE; round++) {
			const value = randomValue(random, 4);
			const text = JSON.stringify(value, undefined, random.pick([undefined, '\t', ' ']));
			expect({ text, value: plain(parseJson(text)) }).toEqual({ text, value: JSON.parse(text) });
		}
	});

	test('accepts and rejects the same broken texts', () => {
		const random = new Random(2);
		let rejected = 0;
		for (let round = 0; round < 30_000 * TEST_SCALE; round++) {
			const text = breakText(JSON.stringify(randomValue(random, 3)), random);
			// What only the tolerant reader accepts is tested by itself.
			const expected = isPython(text) ? plain(parseJson(text)) : nativeParse(text);
			rejected += expected === undefined ? 1 : 0;
			expect({ text, value: plain(parseJson(text)) }).toEqual({ text, value: expected });
		}
		expect(rejected).toBeGreaterThan(1_000);
	});

	test.each([
		'',
		' ',
		'{',
		'}',
		'[1,]',
		'{"a":1,}',
		'{a:1}',
		"{'a':1}",
		'01',
		'1.',
		'.5',
		'+1',
		'1e',
		'--1',
		'tru',
		'nul',
		'truefalse',
		'undefined',
		'"a',
		'"\\x"',
		'"\\u12g4"',
		'"\\"',
		'{"a" 1}',
		'{"a":}',
		'[1 2]',
		'1 2',
		'{}{}',
		'\u00a01',
		'\ufeff1',
		'[,]',
		'{,}',
		'-',
		'0x10',
		'1_000',
		'// 1\n1',
		'nan',
		'NaNN',
		'--Infinity',
		'+Infinity',
		'-NaN',
		'Infinity1',
	])('rejects %j', (text) => {
		expect(parseJson(text)).toBeUndefined();
	});
});

describe('what JSON.parse refuses and logs contain', () => {
	test.each(['NaN', 'Infinity', '-Infinity', 'true', 'false', 'null'])(
		'reads %s as a word',
		(word) => {
			expect(parseJson(` ${word} `)).toEqual({
				kind: 'word',
				text: word,
				start: 1,
				end: 1 + word.length,
			});
		},
	);

	test('reads raw control characters inside a string', () => {
		expect(plain(parseJson('{"a\tb": "one\ntwo\u0000\\n\u001f"}'))).toEqual({
			'a\tb': 'one\ntwo\u0000\n\u001f',
		});
	});
});

describe('what JSON.parse loses', () => {
	test.each([
		'9007199254740993',
		'1.0',
		'-0',
		'1E5',
		'1e400',
		'0.10',
		'123456789012345678901234567890',
		'-1.50e-07',
	])('keeps the number %s as it was written', (number) => {
		const line = `{"n": ${number}}`;
		const node = memberOf(parseJson(line), 'n');
		expect(node).toMatchObject({ kind: 'number', text: number });
		expect(node === undefined ? undefined : textOf(node, line)).toBe(number);
	});

	test('keeps the order and the doubles of keys, and finds the last of them', () => {
		const node = parseJson('{"b": 1, "2": 2, "a": 3, "b": 4, "1": 5}');
		expect(node?.kind === 'object' ? node.members.map(({ key }) => key) : undefined).toEqual([
			'b',
			'2',
			'a',
			'b',
			'1',
		]);
		expect(memberOf(node, 'b')).toMatchObject({ text: '4' });
	});

	test('takes __proto__, constructor and toString for keys like any other', () => {
		const node = parseJson('{"__proto__": {"polluted": 1}, "constructor": 2, "toString": 3}');
		expect(memberOf(memberOf(node, '__proto__'), 'polluted')).toMatchObject({ text: '1' });
		expect(memberOf(node, 'hasOwnProperty')).toBeUndefined();
		expect(memberOf(parseJson('{}'), '__proto__')).toBeUndefined();
		expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	});

	test('tells keys with escapes apart', () => {
		const texts = [
			'{"\\\\": 1, "\\"": 2}',
			'{"\\\\n": 1, "\\n": 2}',
			'{"\\u0061": 1, "\\\\u0061": 2}',
		];
		expect(texts.map((text) => plain(parseJson(text)))).toEqual([
			{ '\\': 1, '"': 2 },
			{ '\\n': 1, '\n': 2 },
			{ a: 1, '\\u0061': 2 },
		]);
	});

	test('knows where each value stands in the text', () => {
		const line = ' {"a": [1, {"b": "x\\u0041"}], "c": null} ';
		const node = parseJson(line);
		const written = ['a', 'c'].map((key) => {
			const value = memberOf(node, key);
			return value === undefined ? undefined : line.slice(value.start, value.end);
		});
		expect(written).toEqual(['[1, {"b": "x\\u0041"}]', 'null']);
		expect(node).toMatchObject({ start: 1, end: line.length - 1 });
	});
});

describe('limits', () => {
	test.each([
		[199, true],
		[200, true],
		[201, false],
		[100_000, false],
	])('of %i levels: accepted %s', (depth, accepted) => {
		for (const text of [
			'['.repeat(depth) + '1' + ']'.repeat(depth),
			'{"a":'.repeat(depth) + '1' + '}'.repeat(depth),
			'['.repeat(depth),
		]) {
			expect(parseJson(text) !== undefined).toBe(accepted && !text.endsWith('['));
		}
	});

	test.each([
		['plain', 'x'.repeat(5_000_000)],
		['all quotes', '"'.repeat(1_000_000)],
		['all backslashes', '\\'.repeat(1_000_000)],
		['not ASCII', 'ß'.repeat(2_000_000)],
	])('reads a string of millions of characters (%s) in less than a second', (_, value) => {
		const text = JSON.stringify({ message: value });
		const begin = performance.now();
		const node = memberOf(parseJson(text), 'message');
		expect(performance.now() - begin).toBeLessThan(10_000);
		expect(node?.kind === 'string' && node.value === value).toBe(true);
	});

	test.each(['"', '{"a":"'.repeat(150), '["\\"', ' ', '{"a":1,'.repeat(100_000)])(
		'gives up on megabytes that begin like %.8j in less than a second',
		(beginning) => {
			const text = beginning + '\\"'.repeat(1_000_000);
			const begin = performance.now();
			expect(parseJson(text)).toBeUndefined();
			expect(performance.now() - begin).toBeLessThan(10_000);
		},
	);
});

/** The node as JSON.parse would give it. */
function plain(node: JsonNode | undefined): unknown {
	switch (node?.kind) {
		case 'object': {
			const entries = node.members.map(({ key, value }) => [key, plain(value)] as const);
			return Object.fromEntries(entries);
		}
		case 'array':
			return node.items.map(plain);
		case 'string':
			return node.value;
		case 'number':
			return Number(node.text);
		case 'word':
			return JSON.parse(node.text);
		default:
			return undefined;
	}
}

function nativeParse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Has what only the tolerant reader accepts. */
function isPython(text: string): boolean {
	return /NaN|Infinity/.test(text) || /[\u0000-\u001f]/.test(text);
}

function randomValue(random: Random, depth: number): unknown {
	switch (random.below(depth > 0 ? 7 : 5)) {
		case 0:
			return random.pick(NUMBERS);
		case 1:
			return random.pick([true, false, null]);
		case 2:
		case 3:
			return random.pick(STRINGS) + random.pick(STRINGS);
		case 4:
			return random.below(1e9) * random.next();
		case 5:
			return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1));
		default: {
			const keys = Array.from({ length: random.below(4) }, () => random.pick(KEYS));
			return Object.fromEntries(keys.map((key) => [key, randomValue(random, depth - 1)]));
		}
	}
}

function breakText(text: string, random: Random): string {
	const at = random.below(text.length + 1);
	switch (random.below(4)) {
		case 0:
			return text.slice(0, at);
		case 1:
			return text.slice(0, at) + text.slice(at + 1);
		case 2:
			return text.slice(0, at) + random.pick(CHARACTERS) + text.slice(at);
		default:
			return text.slice(0, at) + random.pick(CHARACTERS) + text.slice(at + 1);
	}
}

import { describe, expect, test } from 'vitest';
import { parseQuery } from '#shared/query/parse-query.ts';

describe('Operators in small letters', () => {
	test.each([
		['level:error and task:daily', 'and', 'level:error AND task:daily'],
		['level:error or timeout', 'or', 'level:error OR timeout'],
		['not level:error', 'not', 'NOT level:error'],
		['a:1 and not b:2', 'and', 'a:1 AND NOT b:2'],
		['is:error and (a:1 or b:2)', 'and', 'is:error AND (a:1 OR b:2)'],
		['x OR (a:1 and b:2)', 'and', 'x OR (a:1 AND b:2)'],
		['level:(error or warning)', 'or', 'level:(error OR warning)'],
	])('between fields %s are told: %s, and %s is offered', (text, word, suggestion) => {
		const { root, problem, hint } = parseQuery(text);
		expect(problem).toBeUndefined();
		expect(root).toBeDefined();
		expect(text.slice(hint?.from, hint?.to)).toBe(word);
		expect(hint?.message).toContain(word.toUpperCase());
		expect(hint?.suggestion).toBe(suggestion);
		expect(parseQuery(suggestion).hint).toBeUndefined();
	});

	test.each([
		'read or write',
		'not found',
		'level:error not found',
		'a and b level:error',
		'level:error "and" x',
		'and level:error',
		'level:error or',
		'level:error AND task:daily',
	])('elsewhere are words: %s', (text) => {
		expect(parseQuery(text)).not.toHaveProperty('hint');
	});
});

test.each([
	['status: 200 and user.id: 5', 'status:200 AND user.id:5'],
	['a.b: "x: y" or not (c >= 5 and d: z)', 'a.b:"x: y" OR NOT (c>=5 AND d:z)'],
	['foo: bar', 'foo:bar'],
])('A query in the language of Kibana is translated: %s', (text, suggestion) => {
	expect(parseQuery(text).problem?.suggestion).toBe(suggestion);
});

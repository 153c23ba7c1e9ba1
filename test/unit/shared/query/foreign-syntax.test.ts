import { describe, expect, test } from 'vitest';
import { parseQuery } from '#shared/query/parse-query.ts';

describe('what other languages write', () => {
	test.each([
		['is:error | count by task_id', '|', 'is:error'],
		['a b | c | d', '|', 'a b'],
		['user.id : 4', ':', 'user.id:4'],
		['status >= 500', '>=', 'status>=500'],
		['level:error (user.id : 4 OR x > 5)', ':', 'level:error (user.id:4 OR x>5)'],
		['_exists_:status', '_exists_:status', 'status:*'],
		['a -_exists_:user.id b', '_exists_:user.id', 'a -user.id:* b'],
	])('is told: %s', (text, word, suggestion) => {
		const { root, problem, hint } = parseQuery(text);
		expect(problem).toBeUndefined();
		expect(root).toBeDefined();
		expect(text.slice(hint?.from, hint?.to)).toBe(word);
		expect(hint?.suggestion).toBe(suggestion);
		expect(parseQuery(suggestion)).not.toHaveProperty('hint');
	});

	test.each(['"a | b"', 'a|b', 'message:"x : y"', '/a | b/', 'exists:status', '":"'])(
		'is text where it is quoted or part of a word: %s',
		(text) => {
			expect(parseQuery(text)).not.toHaveProperty('hint');
		},
	);

	test('has no suggestion where there is none', () => {
		expect(parseQuery('| count')).toMatchObject({ hint: { from: 0, to: 1 } });
		expect(parseQuery('| count').hint).not.toHaveProperty('suggestion');
	});
});

import { expect, test } from 'vitest';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { compileQuery, matchQuery } from '#shared/query/match-query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { entryRow } from '../../../support/entries.ts';
import { randomQueries } from '../../../support/random-queries.ts';

const context = queryContextOf({}, new Map());

test('An expression that makes others hang is answered', () => {
	const message = `${'a'.repeat(50_000)}b`;
	const { root } = parseQuery('/^(a+)+$/ OR /(a|a)*c/ OR a*a*a*a*a*a*c');
	expect(matchQuery(root, entryRow({ message }), context)).toBe(false);
});

test('Whatever the query, an entry matches it or its opposite', () => {
	const entries: readonly QueryEntry[] = [
		entryRow({ message: 'a word of timeout', task_id: 'daily' }),
		{ ...entryRow({ level: 'ERROR', severity: 40, message: 'b' }), exception: 'a timeout' },
		{ ...entryRow({ message: '' }), extra: '{"user": {"id": 5}, "f": [1, "a b", null], "a": "b"}' },
	];
	const wrong: string[] = [];
	let matched = 0;
	for (const text of randomQueries(3_000, 21)) {
		const [query, opposite] = [parseQuery(text), parseQuery(`NOT (${text} )`)];
		if (query.problem !== undefined || opposite.problem !== undefined) {
			continue;
		}
		const [is, isNot] = [query, opposite].map(({ root }) => compileQuery(root, context));
		for (const entry of entries) {
			matched += is?.(entry) === true ? 1 : 0;
			if (is?.(entry) === isNot?.(entry)) {
				wrong.push(text);
			}
		}
	}
	expect(wrong).toEqual([]);
	expect(matched).toBeGreaterThan(100);
});

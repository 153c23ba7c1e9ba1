import { expect, test } from 'vitest';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { matchQuery } from '#shared/query/match-query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { entryRow } from '../../../support/entries.ts';

const context = queryContextOf(
	{ notes: [{ seq: 8, text: 'Ask the DBA about 5 locks' }], seen_to: 20 },
	new Map(),
);

const cases: readonly (readonly [query: string, fields: Partial<QueryEntry>, matches: boolean])[] =
	[
		['is:new', { seq: 21 }, true],
		['is:new', { seq: 20 }, false],
		['has:note', { seq: 8 }, true],
		['has:note', { seq: 7, extra: '{"note": "x"}' }, false],
		['has:extra.note', { seq: 7, extra: '{"note": "x"}' }, true],
		['note:/5 locks$/', { seq: 8 }, true],
		['note:dba', { seq: 8 }, true],
		['note:ask*', { seq: 8 }, true],
		['note=DBA', { seq: 8 }, false],
		['note:DB2', { seq: 8 }, false],
		['-has:note', { seq: 7 }, true],
		['pattern:"task <n> failed"', { message: 'Task 17 failed' }, true],
		['pattern:"task <n> failed"', { message: 'Task 17 failed twice' }, false],
		['pattern:task*', { message: 'Task 17 failed twice' }, true],
		['pattern="Task <n>"', { message: 'Task 17' }, true],
		['pattern="task <n>"', { message: 'Task 17' }, false],
		['pattern!="Task <n>"', { message: 'Task 17 failed' }, true],
		['pattern:/<n> f/', { message: 'Task 17 failed' }, true],
		['pattern:17', { message: '17' }, false],
		['has:pattern', { message: '' }, true],
		['extra.pattern:x', { extra: '{"pattern": "x"}' }, true],
	];

test.each(cases)('%s of %j: %j', (text, fields, expected) => {
	const { root, problem } = parseQuery(text);
	expect(problem).toBeUndefined();
	expect(matchQuery(root, { ...entryRow(), ...fields }, context)).toBe(expected);
});

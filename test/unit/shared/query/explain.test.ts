import { expect, test } from 'vitest';
import { explainQuery } from '#shared/query/explain.ts';
import type { Explanation } from '#shared/query/explain.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { entryRow } from '../../../support/entries.ts';

const context = queryContextOf({}, new Map());
const entry = entryRow({ message: 'Report built', level: 'ERROR', severity: 40 });

function told(explanations: readonly Explanation[], depth = 0): readonly string[] {
	return explanations.flatMap(({ text, matches, joined, parts }) => [
		`${'  '.repeat(depth)}${matches ? '+' : '-'} ${text}${joined === undefined ? '' : ` (${joined})`}`,
		...told(parts, depth + 1),
	]);
}

test('Each condition of a query is told true or false', () => {
	const text = 'report -built level:(INFO OR ERROR) AND (a OR (port task:x))';
	expect(told(explainQuery(text, entry, context))).toEqual([
		'+ report',
		'- -built',
		'+ level:(INFO OR ERROR) (or)',
		'  - INFO',
		'  + ERROR',
		'- (a OR (port task:x)) (or)',
		'  - a',
		'  - (port task:x) (and)',
		'    + port',
		'    - task:x',
	]);
});

test('The conditions know their places', () => {
	expect(explainQuery('a  is:error', entry, context)).toMatchObject([
		{ from: 0, to: 1, matches: false },
		{ from: 3, to: 11, matches: true },
	]);
});

test('A query with OR at its top is one condition, a blank one none', () => {
	expect(told(explainQuery('a OR built', entry, context))).toEqual([
		'+ a OR built (or)',
		'  - a',
		'  + built',
	]);
	expect(explainQuery('  ', entry, context)).toEqual([]);
	expect(told(explainQuery('"report', entry, context))).toEqual(['- "report']);
});

import { describe, expect, test } from 'vitest';
import { clauseFor, quoteText, quoteValue } from '#shared/query/clause-text.ts';
import { clausesOf } from '#shared/query/clauses.ts';
import {
	addClause,
	excludeValue,
	includeValue,
	negateClause,
	onlyValue,
	removeClause,
	setClause,
	withoutField,
} from '#shared/query/edit-query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { setText, setValue, textOf, valueOf } from '#shared/query/simple-fields.ts';
import { describeNode } from '../../../support/query-text.ts';
import { randomQueries } from '../../../support/random-queries.ts';

const ODD_VALUES = [
	...'a|daily|a b|| |*|?|a*|null|AND|OR|TO|-a|!a|/a/|(a)|a)|"|a"b|\\|a\\"|>=5|=5|[1 TO 2]'.split(
		'|',
	),
	...'1..2|..|a:b|10:19|http://x/y?z|C:\\x\\|ä|😀|\n|\u0000|@x|5|-5|1.5s|#1|x,y'.split('|'),
];

describe('What is written for a value means that value', () => {
	test.each(ODD_VALUES)('%j', (value) => {
		expect(describeNode(parseQuery(`f:${quoteValue(value)}`).root)).toBe(`[f]:is(${value})`);
		expect(describeNode(parseQuery(`f:(x OR ${quoteValue(value)})`).root)).toBe(
			`or([f]:is(x), [f]:is(${value}))`,
		);
		expect(describeNode(parseQuery(clauseFor('a.b', value, { negated: true })).root)).toBe(
			`not([a|b]:is(${value}))`,
		);
		expect(describeNode(parseQuery(quoteText(value)).root)).toBe(`text:contains(${value})`);
	});

	test.each([
		['level', 'level:x'],
		['extra.level', 'extra.level:x'],
		['time', 'ts:x'],
		['run', 'run_id:x'],
		['is', 'extra.is:x'],
		['user.id', 'user.id:x'],
		['a[0].b', 'a.0.b:x'],
		['"odd key".c', '"odd key".c:x'],
		['odd key', '"odd key":x'],
	])('the field %s is written %s', (field, clause) => {
		expect(clauseFor(field, 'x')).toBe(clause);
	});
});

test('The clauses of a query are what it joins by AND at its top', () => {
	const shown = clausesOf('level:(A OR "B c") x AND -task:y (status>=5 OR z) NOT "p q"').map(
		({ text, field, negated, values }) => ({ text, field, negated, values }),
	);
	expect(shown).toEqual([
		{ text: 'level:(A OR "B c")', field: 'level', negated: false, values: ['A', 'B c'] },
		{ text: 'x', field: undefined, negated: false, values: undefined },
		{ text: '-task:y', field: 'task_id', negated: true, values: ['y'] },
		{ text: '(status>=5 OR z)', field: undefined, negated: false, values: undefined },
		{ text: 'NOT "p q"', field: undefined, negated: true, values: undefined },
	]);
	expect(clausesOf('  ')).toEqual([]);
	expect(clausesOf('a OR b').map(({ text }) => text)).toEqual(['a OR b']);
	expect(clausesOf('(a b)').map(({ text }) => text)).toEqual(['(a b)']);
	expect(clausesOf('tags:(a b)').map(({ text }) => text)).toEqual(['tags:(a b)']);
	expect(clausesOf(' a "b ').map(({ text }) => text)).toEqual(['a "b']);
});

test.each([
	['a b c', 0, 'b c'],
	['a b c', 1, 'a c'],
	['a AND b AND c', 0, 'b AND c'],
	['a AND b AND c', 1, 'a AND c'],
	['a AND b && c', 2, 'a AND b'],
	['(a)AND(b)', 1, '(a)'],
	['(a OR b)  x', 0, 'x'],
	['"a"(b)"c"', 1, '"a" "c"'],
	['a', 0, ''],
	['"AND" b', 1, '"AND"'],
	['level: x', 0, ''],
])('%s without its clause %d is %s', (text, index, rest) => {
	const clause = clausesOf(text)[index];
	expect(clause && removeClause(text, clause)).toBe(rest);
});

test.each([
	['', 'b', 'b'],
	[' a ', 'b', 'a b'],
	['a OR c', 'b', '(a OR c) b'],
	['(a OR c)', 'b', '(a OR c) b'],
	['a', 'b OR c', 'a (b OR c)'],
	['a "x', 'b', '"a \\"x" b'],
])('%j and %s is %s', (text, clause, result) => {
	expect(addClause(text, clause)).toBe(result);
});

test.each([
	['level:A x', 'level', 'level:B', 'level:B x'],
	['x level:>=WARN -level:C y', 'level', 'level:B', 'x level:B y'],
	['x', 'level', 'level:B', 'x level:B'],
	['task:a x', 'task_id', undefined, 'x'],
	['task:a OR x', 'task_id', 'task:b', '(task:a OR x) task:b'],
	['a OR task:b', 'task', undefined, 'a OR task:b'],
	['level:A OR level:B', 'level', 'level:C OR level:D', '(level:C OR level:D)'],
])('%s with %s set to %s is %s', (text, field, clause, result) => {
	expect(setClause(text, field, clause)).toBe(result);
});

test.each([
	['x', 'x task_id:v'],
	['x task:a', 'x task:(a OR v)'],
	['@task:(a OR "b c") x', '@task:(a OR "b c" OR v) x'],
	['task:v x', 'task:v x'],
	['task=a', 'task:(=a OR v)'],
	['(task:a OR task:b) x', 'task_id:(a OR b OR v) x'],
	['task:a* x', 'task:(a* OR v) x'],
	['-task:v x', 'x'],
	['-task:(v OR w) x', '-task:w x'],
	['x OR y', '(x OR y) task_id:v'],
])('%s with a value included is %s', (text, result) => {
	expect(includeValue(text, 'task_id', 'v')).toBe(result);
});

test.each([
	['x', 'x -task_id:v'],
	['task:v x', 'x -task_id:v'],
	['task:(a OR v) x', 'task:a x'],
	['task:(a OR v OR "b c") x', 'task:(a OR "b c") x'],
	['task:a* x', 'task:a* x -task_id:v'],
	['-task:V x', '-task:V x'],
	['x OR y', '(x OR y) -task_id:v'],
])('%s with a value excluded is %s', (text, result) => {
	expect(excludeValue(text, 'task_id', 'v')).toBe(result);
});

test('One value only takes the place of all that was said of the field', () => {
	expect(onlyValue('x -task:a task:b*', 'task_id', 'c d')).toBe('x task_id:"c d"');
	expect(withoutField('x -task:a task:b*', 'task_id')).toBe('x');
});

describe('A form field', () => {
	test.each([
		['task=daily x', 'task_id', { op: '=', value: 'daily' }],
		['task:daily', 'task_id', { op: ':', value: 'daily' }],
		['level:>=warn', 'level', { op: '>=', value: 'warn' }],
		['level>=warn', 'level', { op: '>=', value: 'warn' }],
		['level:<warn', 'level', undefined],
		['-task:daily', 'task_id', undefined],
		['task:(a OR b)', 'task_id', undefined],
		['task:a task:b', 'task_id', undefined],
		['task:a OR x', 'task_id', undefined],
		['x', 'task_id', undefined],
	] as const)('shows of %s in %s: %j', (text, field, value) => {
		expect(valueOf(text, field)).toEqual(value);
	});

	test('writes into the query, and takes out again', () => {
		const first = setValue('x', 'task_id', { op: '=', value: 'a b' });
		expect(first).toBe('x task_id="a b"');
		const second = setValue(first, 'level', { op: '>=', value: 'ERROR' });
		expect(second).toBe('x task_id="a b" level:>=ERROR');
		const third = setValue(second, 'level', { op: ':', value: 'INFO' });
		expect(third).toBe('x task_id="a b" level:INFO');
		expect(setValue(third, 'task_id', undefined)).toBe('x level:INFO');
	});

	test('shows and sets what messages are searched for', () => {
		expect(textOf('level:A "a b"')).toBe('a b');
		expect(textOf('level:A')).toBeUndefined();
		expect(textOf('a b')).toBeUndefined();
		expect(textOf('time*')).toBeUndefined();
		expect(setText('level:A', 'a b')).toBe('level:A "a b"');
		expect(setText('x level:A y', 'z')).toBe('z level:A');
		expect(setText('x level:A', ' ')).toBe('level:A');
		expect(setText('level:A', 'key=5')).toBe('level:A "key=5"');
	});
});

test('A whole query is turned round with all its parts', () => {
	const [whole] = clausesOf('a:1 OR b:2');
	expect(negateClause('a:1 OR b:2', whole ?? { from: 0, to: 0 })).toBe('-(a:1 OR b:2)');
});

describe('Whatever the query', () => {
	test('a clause that is added is joined by AND to what was there', () => {
		for (const text of randomQueries(1_000, 2)) {
			const added = addClause(text, 'added:1');
			expect([added, parseQuery(added).problem]).toEqual([added, undefined]);
			expect([added, meanings(added)]).toEqual([added, [...meanings(text), '[added]:is(1)']]);
		}
	});

	test('a clause that is removed takes nothing else along', () => {
		for (const text of randomQueries(1_000, 3)) {
			const before = meanings(text);
			for (const [index, clause] of clausesOf(text).entries()) {
				const rest = removeClause(text, clause);
				expect([text, rest, meanings(rest)]).toEqual([text, rest, before.toSpliced(index, 1)]);
			}
		}
	});

	test('a field that is set says only that, and the rest stays', () => {
		for (const text of randomQueries(1_000, 4)) {
			const others = clausesOf(text)
				.filter(({ field }) => field !== 'level')
				.map(({ node }) => describeNode(node));
			const set = onlyValue(text, 'level', 'A b');
			expect([set, [...meanings(set)].sort()]).toEqual([set, [...others, 'level:is(A b)'].sort()]);
			const two = includeValue(set, 'level', 'C');
			expect(clausesOf(two).find(({ field }) => field === 'level')?.values).toEqual(['A b', 'C']);
			expect(excludeValue(two, 'level', 'C')).toBe(set);
			expect([set, meanings(withoutField(set, 'level'))]).toEqual([set, others]);
		}
	});
});

function meanings(text: string): readonly string[] {
	return clausesOf(text).map(({ node }) => describeNode(node));
}

import { describe, expect, test } from 'vitest';
import { takeBack } from '../../../src/renderer/lib/facet-edit.ts';
import { linesOf } from '../../../src/renderer/lib/facet-lines.ts';
import { readFacet } from '../../../src/renderer/lib/facet-reading.ts';

/** Which of these values a query asks for, and which it excludes (with a minus). */
function marks(text: string, field: string, values: readonly string[]): readonly string[] {
	const reading = readFacet(text, field);
	return values.flatMap((value) => {
		const mark = reading.markOf(value);
		return mark === undefined ? [] : [mark === 'excluded' ? `-${value}` : value];
	});
}

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

describe('what a query says of the values of a facet', () => {
	test.each([
		['', []],
		['timeout task_id:a', []],
		['level:error', ['ERROR']],
		['level=ERROR', ['ERROR']],
		['level:(ERROR OR CRITICAL) timeout', ['ERROR', 'CRITICAL']],
		['level:>=warning', ['WARNING', 'ERROR', 'CRITICAL']],
		['-level:INFO', ['-INFO']],
		['level!=INFO', ['-INFO']],
		['-level:(INFO OR DEBUG)', ['-DEBUG', '-INFO']],
		['level:>=warning -level:ERROR', ['WARNING', '-ERROR', 'CRITICAL']],
		['level:ERROR OR timeout', []],
		['level:ERROR (', []],
	])('%s', (text, expected) => {
		expect(marks(text, 'level', LEVELS)).toEqual(expected);
	});

	test('of tasks, loggers, sources and fields of extra', () => {
		expect(marks('task:night*', 'task_id', ['nightly', 'daily'])).toEqual(['nightly']);
		expect(marks('logger:a.*', 'logger', ['a.b', 'b'])).toEqual(['a.b']);
		expect(marks('-source:"my log"', 'source', ['my log', 'other'])).toEqual(['-my log']);
		expect(marks('user.id:42', 'user.id', ['42', '43'])).toEqual(['42']);
		expect(marks('status>=500', 'status', ['404', '500', '503'])).toEqual(['500', '503']);
		expect(marks('tags:(a OR b)', 'tags', ['a', 'b', 'c'])).toEqual(['a', 'b']);
	});
});

describe('taking back what was said of a value', () => {
	test.each([
		['level:ERROR', 'ERROR', ''],
		['a level:ERROR b', 'ERROR', 'a b'],
		['level:(ERROR OR WARNING) a', 'ERROR', 'level:WARNING a'],
		['-level:INFO a', 'INFO', 'a'],
		['-level:(INFO OR DEBUG)', 'INFO', '-level:DEBUG'],
		['level:>=WARNING', 'ERROR', 'level:ERROR'],
	])('%s, of %s', (text, value, expected) => {
		expect(takeBack(text, 'level', value)).toBe(expected);
	});
});

describe('the values that are listed', () => {
	const values = ['a', 'b', 'c', 'd'].map((value, place) => ({ value, count: 10 - place }));

	test('are the most frequent ones, and those the query names, however rare', () => {
		const lines = linesOf(values, 2, readFacet('task_id:(d OR z)', 'task_id'), false);
		expect(lines).toEqual([
			{ value: 'a', count: 10 },
			{ value: 'b', count: 9 },
			{ value: 'd', count: 7 },
			{ value: 'z', count: undefined },
		]);
	});

	test('are only those that were found where some are searched for', () => {
		const lines = linesOf(values.slice(0, 1), 2, readFacet('task_id:z', 'task_id'), true);
		expect(lines).toEqual([{ value: 'a', count: 10 }]);
	});
});

import { expect, test } from 'vitest';
import type { LogEntry } from '#shared/model/entry.ts';
import { diffEntries } from '../../../src/renderer/lib/entry-diff.ts';
import { makeRow } from './support/fake-engine.ts';

function entry(seq: number, given: Partial<LogEntry>): LogEntry {
	return { ...makeRow(seq, given), raw: '', file: 'a', offset: 0, ...given };
}

test('what has the name of a column in extra does not stand for the column', () => {
	const left = entry(1, { extra: '{"level": "x", "message": "inner", "a.b": 1}' });
	const right = entry(2, { extra: '{"level": "y"}' });
	const told = diffEntries(left, right, 'utc').map(({ name, left: one }) => [name, one]);
	expect(told).toContainEqual(['level', left.level]);
	expect(told).toContainEqual(['message', left.message]);
	expect(told.slice(-3)).toEqual([
		['extra.level', 'x'],
		['extra.message', 'inner'],
		['"a.b"', '1'],
	]);
});

test('two entries are told field by field, and where they differ', () => {
	const left = entry(1, {
		task_id: 'daily',
		extra: '{"run": {"try": 1}, "a": ["x", 1], "b": 1.0}',
	});
	const right = entry(2, { level: 'ERROR', extra: '{"run": {"try": 2}, "b": 1.0}' });
	const pairs = diffEntries(left, right, 'utc');
	expect(pairs.map(({ name }) => name)).toEqual([
		'time',
		'level',
		'task',
		'logger',
		'message',
		'run.try',
		'a',
		'b',
	]);
	expect(pairs.filter(({ differs }) => !differs).map(({ name }) => name)).toEqual(['logger', 'b']);
	expect(pairs.find(({ name }) => name === 'run.try')).toMatchObject({ left: '1', right: '2' });
	expect(pairs.find(({ name }) => name === 'a')?.left).toBe('["x", 1]');
	expect(pairs.find(({ name }) => name === 'task')).toMatchObject({
		left: 'daily',
		right: undefined,
	});
});

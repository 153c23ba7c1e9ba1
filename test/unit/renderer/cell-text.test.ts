import { describe, expect, test } from 'vitest';
import { areNumbers, cellText } from '../../../src/renderer/lib/cell-text.ts';
import type { CellContext } from '../../../src/renderer/lib/cell-text.ts';
import { makeRow } from './support/fake-engine.ts';

const TS = Date.UTC(2026, 10, 22, 10, 28, 41, 902) * 1_000 + 113;
const ROW = makeRow(1, {
	ts: TS,
	level: 'ERROR',
	task_id: 'daily',
	message: 'one\ntwo',
	fields: ['12', null],
});
const CONTEXT: CellContext = {
	zone: 'utc',
	today: '2026-11-22',
	precision: 6,
	sourceNames: new Map([[1, 'a.jsonl']]),
	fields: ['user.id', 'queue'],
};

describe('a cell', () => {
	test('shows what its column says', () => {
		const ids = ['time', 'delta', 'level', 'task', 'logger', 'source', 'message', 'user.id'];
		expect(ids.map((id) => cellText(id, ROW, CONTEXT, 1_204_000))).toEqual([
			'10:28:41.902113',
			'+1.204000 s',
			'ERROR',
			'daily',
			'asyncz',
			'a.jsonl',
			'one ↵ two',
			'12',
		]);
	});

	test('is empty where there is nothing to show', () => {
		const plain = makeRow(2);
		const shown = ['delta', 'task', 'user.id', 'queue'].map((id) =>
			cellText(id, plain, CONTEXT, undefined),
		);
		expect([...shown, cellText('queue', ROW, CONTEXT, 0)]).toEqual(['', '', '', '', '']);
	});

	test('shows no character that would act', () => {
		const row = makeRow(3, { fields: ['\u001b[31mred\u202e'] });
		expect(cellText('user.id', row, CONTEXT, 0)).toBe('red⟨U+202E⟩');
	});
});

test('values are numbers only if all that are there are', () => {
	expect(
		[['1', '-2.5', null, '1e9', ''], ['1', 'x'], ['10:28'], [null, ''], []].map(areNumbers),
	).toEqual([true, false, false, false, false]);
});

import { beforeEach, describe, expect, test } from 'vitest';
import { CellFocus } from '../../../src/renderer/state/table/cell-focus.svelte.ts';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import { TableColumns } from '../../../src/renderer/state/table/table-columns.svelte.ts';
import { HostInTest } from './support/column-host.ts';
import { makeRow } from './support/fake-engine.ts';
import { ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;
let columns: TableColumns;
let cursor: RowCursor;
let cell: CellFocus;

beforeEach(async () => {
	t = new ViewInTest();
	cursor = new RowCursor(t.view);
	columns = new TableColumns(new HostInTest());
	cell = new CellFocus({
		columns,
		cursor,
		view: { set: { fields: ['user.id'] } },
		source: (id) => (id === 1 ? { name: 'a.jsonl' } : undefined),
	});
	await t.start(100);
});

describe('the cell that is meant', () => {
	test('is none at first, then the first one of the row', () => {
		expect(cell.index).toBe(-1);
		cell.move(1);
		expect([cell.column, cursor.rank]).toEqual(['time', 0]);
		cell.move(1);
		expect([cell.column, cell.index]).toEqual(['level', 1]);
	});

	test('ends at the last one, and at the row before the first one', () => {
		for (let step = 0; step < 10; step++) {
			cell.move(1);
		}
		expect(cell.column).toBe('message');
		for (let step = 0; step < 10; step++) {
			cell.move(-1);
		}
		expect([cell.column, cell.index]).toEqual([undefined, -1]);
	});

	test('is none that gave way to the message', () => {
		columns.widths.tableWidth = 340;
		expect([columns.widths.of('task'), columns.widths.of('logger')]).toEqual([0, 0]);
		cell.column = 'level';
		cell.move(1);
		expect(cell.column).toBe('message');
	});

	test('is none any more once its column is hidden', () => {
		cell.column = 'task';
		columns.hide('task');
		expect([cell.index, cell.value]).toEqual([-1, undefined]);
	});
});

describe('its value', () => {
	test('is that of a field, by its name in a query', () => {
		cursor.select(0);
		const said = columns.list.map(({ id }) => {
			cell.column = id;
			return cell.value;
		});
		expect(said).toEqual([
			{ field: 'ts', value: '2023-11-14T22:13:20.000100Z' },
			{ field: 'level', value: 'INFO' },
			undefined,
			{ field: 'logger', value: 'asyncz' },
			{ field: 'message', value: 'message 100' },
		]);
	});

	test('of a field or a source is what the row says', () => {
		columns.show('user.id');
		const row = makeRow(1, { task_id: 'daily', fields: ['x'.repeat(1_000)] });
		expect(['source', 'delta', 'task'].map((id) => cell.valueOf(id, row))).toEqual([
			{ field: 'source', value: 'a.jsonl' },
			undefined,
			{ field: 'task_id', value: 'daily' },
		]);
		expect(cell.valueOf('user.id', row)).toMatchObject({ field: 'user.id', isCut: true });
		expect(cell.valueOf('user.id', makeRow(2, { fields: [null] }))).toBeUndefined();
		const listed = ['["a", 1]', '{"id": 1}', '[error]', '{', '1'].map(
			(text) => cell.valueOf('user.id', makeRow(3, { fields: [text] }))?.hasValues === true,
		);
		expect(listed).toEqual([true, true, false, false, false]);
	});
});

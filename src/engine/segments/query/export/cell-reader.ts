import { EntryFlag } from '#shared/model/entry.ts';
import { columnText, fieldText } from '#shared/query/entry-fields.ts';
import type { ColumnField, FieldPath } from '#shared/query/ast.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import type { ColumnId } from '#shared/model/view.ts';
import type { RowInExport } from './row-in-export.ts';

/** A column of an export. */
export interface CellReader {
	/** What stands at its head: its name in a query. */
	readonly name: string;
	readonly column: ColumnField | undefined;
	/** Whether its text has to be read. */
	readonly readsText: boolean;
	/** What it has of a row; `undefined` if that is gone. Not of `ts`, which is written by its own rules. */
	read(row: RowInExport): string | undefined;
}

const NAMES: Readonly<Partial<Record<ColumnId, string>>> = { time: 'ts', task: 'task_id' };

/** The columns with these ids, which are the table's or names of fields. */
export function cellReaders(columns: readonly ColumnId[]): readonly CellReader[] {
	return columns.filter((id) => id !== 'delta').map((id) => cellReader(NAMES[id] ?? id));
}

function cellReader(name: string): CellReader {
	const field = fieldPath(name);
	if (!('column' in field)) {
		return { name, column: undefined, readsText: true, read: (row) => readEntry(row, field) };
	}
	const { column } = field;
	switch (column) {
		case 'message':
			return { name, column, readsText: true, read: (row) => row.message() };
		case 'ts':
			return { name, column, readsText: false, read: () => '' };
		case 'level':
			return { name, column, readsText: false, read: (row) => levelOf(row) };
		case 'logger':
			return { name, column, readsText: false, read: (row) => loggerOf(row) };
		case 'task_id':
			return { name, column, readsText: false, read: (row) => taskOf(row) ?? '' };
		case 'source':
			return { name, column, readsText: false, read: (row) => sourceOf(row) };
		default:
			return { name, column, readsText: true, read: (row) => readEntry(row, field) };
	}
}

function levelOf({ state, resident, row }: RowInExport): string {
	return state.rows.level(resident, row).level;
}

function loggerOf({ state, resident, row }: RowInExport): string {
	return state.rows.logger(resident, row);
}

function taskOf({ state, resident, row }: RowInExport): string | undefined {
	return state.rows.task(resident, row);
}

function sourceOf({ state, held, row }: RowInExport): string {
	return state.sources.get(state.rows.source(held, row)) ?? '';
}

function readEntry(row: RowInExport, field: FieldPath): string | undefined {
	const isThere = (row.flags & EntryFlag.gap) !== 0 || row.bytes() !== undefined;
	if (!isThere) {
		return undefined;
	}
	const { sources } = row.state;
	return (
		('column' in field
			? columnText(row.entry(), field.column, sources)
			: fieldText(row.entry(), field, sources)) ?? ''
	);
}

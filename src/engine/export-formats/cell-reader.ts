import { columnText, fieldText } from '#shared/query/entry-fields.ts';
import type { ColumnField, FieldPath } from '#shared/query/ast.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import type { ColumnId } from '#shared/model/view.ts';
import type { ExportedEntry } from './exported-entry.ts';

/** A column of an export. */
export interface CellReader {
	/** What stands at its head: its name in a query. */
	readonly name: string;
	readonly column: ColumnField | undefined;
	/** Whether its text has to be read. */
	readonly readsText: boolean;
	/** What it has of an entry; `undefined` if that is gone. Not of `ts`, which is written by its own rules. */
	read(entry: ExportedEntry): string | undefined;
}

const NAMES: Readonly<Partial<Record<ColumnId, string>>> = { time: 'ts', task: 'task_id' };

/** The columns with these ids, which are the table's or names of fields. */
export function cellReaders(columns: readonly ColumnId[]): readonly CellReader[] {
	return columns.filter((id) => id !== 'delta').map((id) => cellReader(NAMES[id] ?? id));
}

function cellReader(name: string): CellReader {
	const field = fieldPath(name);
	if (!('column' in field)) {
		return { name, column: undefined, readsText: true, read: (entry) => readEntry(entry, field) };
	}
	const { column } = field;
	switch (column) {
		case 'message':
			return { name, column, readsText: true, read: (entry) => entry.message() };
		case 'ts':
			return { name, column, readsText: false, read: () => '' };
		case 'level':
			return { name, column, readsText: false, read: (entry) => entry.level().level };
		case 'logger':
			return { name, column, readsText: false, read: (entry) => entry.logger() };
		case 'task_id':
			return { name, column, readsText: false, read: (entry) => entry.task() ?? '' };
		case 'source':
			return { name, column, readsText: false, read: (entry) => entry.sourceName() };
		default:
			return { name, column, readsText: true, read: (entry) => readEntry(entry, field) };
	}
}

function readEntry(entry: ExportedEntry, field: FieldPath): string | undefined {
	if (!entry.isThere()) {
		return undefined;
	}
	const { sources } = entry;
	return (
		('column' in field
			? columnText(entry.entry(), field.column, sources)
			: fieldText(entry.entry(), field, sources)) ?? ''
	);
}

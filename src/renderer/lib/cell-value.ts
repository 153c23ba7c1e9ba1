import { parseJson } from '#shared/json/parse-json.ts';
import { MESSAGE_PREVIEW_LENGTH } from '#shared/model/entry.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { ColumnId } from '#shared/model/view.ts';
import { fieldOf } from './cell-text.ts';

/** A field and its value, as they stand in a query. */
export interface FieldValue {
	readonly field: string;
	readonly value: string;
	/** Only the beginning of it is known. */
	readonly isCut?: boolean;
	/** It is a list or an object, of which only the values can be asked for. */
	readonly hasValues?: boolean;
}

const FIELDS: ReadonlyMap<ColumnId, string> = new Map([
	['time', 'ts'],
	['level', 'level'],
	['task', 'task_id'],
	['logger', 'logger'],
	['source', 'source'],
	['message', 'message'],
]);

/** The field that a column shows, by its name in a query; `delta` shows none. */
export function fieldOfColumn(id: ColumnId): string | undefined {
	return FIELDS.get(id) ?? (id === 'delta' ? undefined : id);
}

/** What a cell says about its entry; `undefined` where it says nothing that can be asked for. */
export function cellValue(
	id: ColumnId,
	row: EntryRow,
	fields: readonly string[],
	sourceName: (id: number) => string | undefined,
): FieldValue | undefined {
	const field = fieldOfColumn(id);
	const value = valueOf(id, row, fields, sourceName);
	if (field === undefined || value === undefined || value === null || value === '') {
		return undefined;
	}
	// The beginning of a message is found in it; another field has to be as it is asked for.
	const isCut = id !== 'message' && value.length >= MESSAGE_PREVIEW_LENGTH;
	const hasValues = !FIELDS.has(id) && hasOwnValues(value);
	return { field, value, ...(isCut ? { isCut } : {}), ...(hasValues ? { hasValues } : {}) };
}

/** Whether it is the text of a list or an object. */
function hasOwnValues(value: string): boolean {
	const kind = /^[[{]/.test(value) ? parseJson(value)?.kind : undefined;
	return kind === 'array' || kind === 'object';
}

function valueOf(
	id: ColumnId,
	row: EntryRow,
	fields: readonly string[],
	sourceName: (id: number) => string | undefined,
): string | null | undefined {
	switch (id) {
		case 'time':
			return timeValue(row.ts);
		case 'delta':
			return undefined;
		case 'level':
			return row.level;
		case 'task':
			return row.task_id;
		case 'logger':
			return row.logger;
		case 'source':
			return sourceName(row.source);
		case 'message':
			return row.message;
		default:
			return fieldOf(id, row, fields);
	}
}

/** A time in microseconds since 1970 as a query names it: to the microsecond, in UTC. */
export function timeValue(ts: number): string | undefined {
	const date = new Date(Math.floor(ts / 1_000));
	if (Number.isNaN(date.getTime())) {
		return undefined;
	}
	const micros = String(((ts % 1_000) + 1_000) % 1_000).padStart(3, '0');
	return date.toISOString().replace('Z', `${micros}Z`);
}

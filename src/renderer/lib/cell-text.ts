import type { EntryRow } from '#shared/model/entry.ts';
import type { Precision, TimeZone } from '#shared/model/settings.ts';
import type { ColumnId } from '#shared/model/view.ts';
import { displayLine } from '#shared/format/display-text.ts';
import { formatDelta, formatTime } from '#shared/format/format-time.ts';

/** What the text of a cell depends on besides its entry. */
export interface CellContext {
	readonly zone: TimeZone;
	/** A time of this day has no date (`dayOf`). */
	readonly today: string;
	readonly precision: Precision;
	/** The names of the sources. */
	readonly sourceNames: ReadonlyMap<number, string>;
	/** Which fields `EntryRow.fields` holds, in that order. */
	readonly fields: readonly string[];
}

/** What a cell shows of its entry, on one line. `delta`: microseconds, where they are known. */
export function cellText(
	id: ColumnId,
	row: EntryRow,
	context: CellContext,
	delta: number | undefined,
): string {
	switch (id) {
		case 'time':
			return formatTime(row.ts, context.zone, context.today, context.precision);
		case 'delta':
			return delta === undefined ? '' : formatDelta(delta, context.precision);
		case 'level':
			return displayLine(row.level);
		case 'task':
			return displayLine(row.task_id ?? '');
		case 'logger':
			return displayLine(row.logger);
		case 'source':
			return displayLine(context.sourceNames.get(row.source) ?? '');
		case 'message':
			return displayLine(row.message);
		default:
			return displayLine(fieldOf(id, row, context.fields) ?? '');
	}
}

/** The value of a field that was asked for with the row; `null` if the entry has none. */
export function fieldOf(name: string, row: EntryRow, fields: readonly string[]): string | null {
	return row.fields?.[fields.indexOf(name)] ?? null;
}

/** Whether a column of these values reads better from the right: all of them are numbers. */
export function areNumbers(values: Iterable<string | null>): boolean {
	let count = 0;
	for (const value of values) {
		if (value !== null && value !== '') {
			if (!/^[+-]?\d[\d_.,]*(?:e[+-]?\d+)?$/i.test(value)) {
				return false;
			}
			count++;
		}
	}
	return count > 0;
}

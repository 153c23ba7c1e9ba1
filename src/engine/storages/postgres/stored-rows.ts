import type { StoredEntry } from '../log-storage.ts';
import type { Row } from './connection.ts';
import { microsColumn, textColumn } from './sql/log-table.ts';
import type { LogTable } from './sql/log-table.ts';

/** The columns that `entryOf` reads, of the row `t`. */
export function entryColumns(table: LogTable): string {
	const id = table.hasId ? 't.id' : `t.tableoid::text || ':' || t.ctid::text`;
	const texts = (['level', 'message', 'logger', 'task_id'] as const).map((name) =>
		textColumn(table, name),
	);
	return [id, microsColumn(), ...texts, 't.extra::text'].join(', ');
}

/** How many they are. */
export const ENTRY_COLUMNS = 7;

/** A row as an entry. What is null there is empty. */
export function entryOf(table: LogTable, row: Row): StoredEntry {
	const [id, ts, level, message, logger, task, extra] = row;
	const seq = Number(table.hasId ? id : 0);
	if (!Number.isSafeInteger(seq)) {
		table.numbers.areKnown = false;
	}
	return {
		id: id ?? '',
		...(seq > 0 && table.numbers.areKnown ? { seq } : {}),
		ts: Number(ts),
		level: level ?? '',
		message: message ?? '',
		logger: logger ?? '',
		...(task === null || task === undefined || task === '' ? {} : { task_id: task }),
		...(extra === null || extra === undefined || extra === 'null' ? {} : { extra }),
	};
}

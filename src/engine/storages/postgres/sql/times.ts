import { formatRecordTime } from '#shared/format/format-time.ts';
import { FIRST_TIME, LAST_TIME, timeType } from './log-table.ts';
import type { LogTable } from './log-table.ts';
import type { Parameters } from './parameters.ts';

/** A moment in microseconds since 1970 as PostgreSQL reads it. */
export function timeText(micros: number): string {
	return micros < FIRST_TIME
		? '-infinity'
		: micros > LAST_TIME
			? 'infinity'
			: formatRecordTime(micros);
}

/** A moment as SQL, of the type that the table's times have. */
export function timeOf(table: LogTable, parameters: Parameters, micros: number): string {
	return parameters.add(timeText(micros), timeType(table));
}

/** Whether a row's time lies between two, both inclusive; a time that is null is 1970. */
export function timeBetween(
	table: LogTable,
	parameters: Parameters,
	from: number,
	to: number,
): string {
	const [first, last] = [Math.ceil(from), Math.floor(to)];
	const ends = [
		...(first === -Infinity ? [] : [`t.ts >= ${timeOf(table, parameters, first)}`]),
		...(last === Infinity ? [] : [`t.ts <= ${timeOf(table, parameters, last)}`]),
	];
	if (first > last) {
		return 'false';
	}
	const inside = ends.length === 0 ? 'true' : `(${ends.join(' AND ')})`;
	return table.columns.ts.isNullable && ends.length > 0 && first <= 0 && last >= 0
		? `(${inside} OR t.ts IS NULL)`
		: inside;
}

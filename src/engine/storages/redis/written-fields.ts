import { formatRecordTime } from '#shared/format/format-time.ts';
import type { EntryOrigin, NewEntry } from '../log-storage.ts';
import { withOrigin } from './entry-origin.ts';

/**
 * An entry as the fields of a stream's entry, names and values in turn: AsyncZ's own, as strings,
 * so that the seed's `LogEntry(**fields)` reads them. What an entry does not have is left out, for
 * Redis knows no null. Half characters become U+FFFD: Redis is given UTF-8.
 */
export function fieldsOf(entry: NewEntry, origin: EntryOrigin): string[] {
	const fields = [
		'ts',
		formatRecordTime(entry.ts),
		'level',
		entry.level,
		'message',
		entry.message,
		'logger',
		entry.logger,
	];
	if (entry.task_id !== undefined) {
		fields.push('task_id', entry.task_id);
	}
	fields.push('extra', withOrigin(entry.extra, origin));
	return fields;
}

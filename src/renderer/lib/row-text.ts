import type { EntryRow } from '#shared/model/entry.ts';
import type { TimeZone } from '#shared/model/settings.ts';
import { displayText } from './display-text.ts';
import { formatTimestamp } from './format-time.ts';

/** An entry as one line of text, as it is shown: without what a terminal would act on. */
export function rowText(entry: EntryRow, zone: TimeZone): string {
	const parts = [
		formatTimestamp(entry.ts, zone),
		entry.level,
		...(entry.task_id === undefined ? [] : [entry.task_id]),
		...(entry.logger === '' ? [] : [entry.logger]),
		entry.message,
	];
	return displayText(parts.join('  '));
}

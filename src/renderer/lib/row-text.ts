import type { EntryRow } from '#shared/model/entry.ts';
import type { TimeZone } from '#shared/model/settings.ts';
import { displayLine, displayText } from '#shared/format/display-text.ts';
import { formatTimestamp } from '#shared/format/format-time.ts';

/** An entry as text, as it is shown: without what a terminal would act on. */
export function rowText(entry: EntryRow, zone: TimeZone): string {
	return displayText(partsOf(entry, zone).join('  '));
}

/** Several entries, one line each. */
export function rowLines(entries: readonly EntryRow[], zone: TimeZone): string {
	return entries.map((entry) => partsOf(entry, zone).map(displayLine).join('  ')).join('\n');
}

/** A table in Markdown: what stands at the head of its columns, and the texts of its rows. */
export function markdownTable(
	heads: readonly string[],
	rows: readonly (readonly string[])[],
): string {
	const rule = `|${heads.map(() => ' --- |').join('')}`;
	return [markdownLine(heads), rule, ...rows.map(markdownLine)].join('\n');
}

function markdownLine(cells: readonly string[]): string {
	return `| ${cells.map(markdownCell).join(' | ')} |`;
}

/** Text that is neither the end of a cell nor markup. */
function markdownCell(text: string): string {
	return displayLine(text).replaceAll(/[\\`*_[\]<>|~]/g, String.raw`\$&`);
}

function partsOf(entry: EntryRow, zone: TimeZone): readonly string[] {
	return [
		formatTimestamp(entry.ts, zone),
		entry.level,
		...(entry.task_id === undefined ? [] : [entry.task_id]),
		...(entry.logger === '' ? [] : [entry.logger]),
		entry.message,
	];
}

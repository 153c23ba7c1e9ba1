import { displayLine } from '#shared/format/display-text.ts';
import { formatTimestamp } from '#shared/format/format-time.ts';
import type { ExportFormat, ExportRequest, ExportStatus } from '#shared/model/export.ts';
import type { Filter } from '#shared/model/query.ts';
import type { Precision, TimeZone } from '#shared/model/settings.ts';
import { formatBytes, formatCount, formatCountOf, formatShare } from './format-number.ts';

/** What the formats are called. */
export const FORMAT_NAMES: Readonly<Record<ExportFormat, string>> = {
	jsonl: 'JSONL, AsyncZ’s records',
	original: 'Original lines',
	csv: 'CSV',
	text: 'Plain text',
};

/** What is in them. */
export const FORMAT_HINTS: Readonly<Record<ExportFormat, string>> = {
	jsonl: 'One JSON object a line: ts, level, message, logger, task_id, extra.',
	original: 'Each line byte for byte as it stands in its log.',
	csv: 'For spreadsheets: a cell that would be taken for a formula gets an apostrophe before it.',
	text: 'To be read: one line an entry, its traceback below.',
};

/** Which of the entries that are stored are meant. */
export type ExportedRows = 'query' | 'shown' | 'selected' | 'marked';

/** How many they are; `undefined`: that is not known yet. Not exact: they are at least so many. */
export interface RowCount {
	readonly rows: number | undefined;
	readonly isExact: boolean;
}

/** What a sentence about an export is made of. */
export interface ExportPlan {
	readonly what: ExportedRows;
	readonly count: RowCount;
	readonly request: ExportRequest;
	/** What stands at the head of its columns. */
	readonly columns: readonly string[];
	/** The zone of the table's times. */
	readonly zone: TimeZone;
}

/** `1,204 entries`, `at least 1,204 entries`, `all entries`. */
export function countText({ rows, isExact }: RowCount): string {
	return rows === undefined
		? 'all entries'
		: `${isExact ? '' : 'at least '}${formatCountOf(rows, 'entry', 'entries')}`;
}

/** A sentence that says exactly what will be written: which entries, in which order, and how. */
export function planText(plan: ExportPlan): string {
	const { what, request, columns, zone, count } = plan;
	const { filter, format, gzip, order, first } = request;
	const which = {
		query: partsOf(filter, zone),
		shown: [...partsOf(filter, zone), 'the newest of them, as the table shows them'],
		selected: ['the chosen ones'],
		marked: ['all that are marked'],
	}[what];
	const by = order === 'time' ? 'by time' : 'as they came';
	const isTable = format === 'csv' || format === 'text';
	const parts = [
		`${countText(count)}${which.length === 0 ? ', all there are' : `: ${which.join(', ')}`}`,
		`${by}, the ${first} first`,
		[
			FORMAT_NAMES[format],
			...(isTable ? [`with ${columns.map(displayLine).join(', ')}`] : []),
			...(isTable ? [timeText(request.time_zone, request.precision)] : []),
			...(gzip ? ['compressed with gzip'] : []),
		].join(', '),
	];
	const text = parts.join('; ');
	return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function partsOf(filter: Filter, zone: TimeZone): readonly string[] {
	const { query, also, since, until, arrived_after: after } = filter;
	const from = since === undefined ? undefined : `from ${formatTimestamp(since, zone)}`;
	const to = until === undefined ? undefined : `to ${formatTimestamp(until, zone)}`;
	const range = [from, to].filter((end) => end !== undefined).join(' ');
	return [
		...[query, also]
			.filter((text) => text !== undefined)
			.map((text) => `those that match ${displayLine(text)}`),
		...(range === '' ? [] : [range]),
		...(after === undefined ? [] : ['those that came since']),
	];
}

function timeText(zone: TimeZone, precision: Precision): string {
	const unit = { 0: 'seconds', 3: 'milliseconds', 6: 'microseconds' }[precision];
	return `times in ${zone === 'utc' ? 'UTC' : 'local time'} with ${unit}`;
}

/** How far it is: `12,000 entries · 4.5 MB · 37 %`. */
export function progressText(status: ExportStatus | undefined, isDownload: boolean): string {
	if (status === undefined || status.state === 'waiting') {
		return isDownload
			? 'Waiting for the browser, or for logs that are still being read'
			: 'Waiting for logs that are still being read';
	}
	const { rows, bytes, fraction } = status;
	const count = formatCountOf(rows, 'entry', 'entries');
	return `${count} · ${formatBytes(bytes)} · ${formatShare(fraction)}`;
}

/** What came of one that is done: its file, how much is in it, and what is not. */
export function exportedText(name: string, { path, rows, bytes, missing }: ExportStatus): string {
	const what = `${formatCountOf(rows, 'entry', 'entries')}, ${formatBytes(bytes)}`;
	const are = missing === 1 ? 'entry is not in it: it' : 'entries are not in it: they';
	const left = missing === 0 ? '' : ` ${formatCount(missing)} ${are} could not be read any more.`;
	return `Exported ${displayLine(path ?? name)}: ${what}.${left}`;
}

import * as v from 'valibot';
import { filterEntries, ORDERS } from './query.ts';
import { columnsSchema } from './view.ts';

/**
 * How entries are written:
 * - `jsonl`: AsyncZ's record, one JSON object a line: ts, level, message, logger, task_id, extra
 * - `original`: the lines as they stand in their logs, byte for byte
 * - `csv`: chosen columns, RFC 4180, with a header
 * - `text`: chosen columns as a person reads them, tracebacks below their entry
 */
export const EXPORT_FORMATS = ['jsonl', 'original', 'csv', 'text'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The most rows that can be named one by one: more than can be selected or marked. */
export const MAX_EXPORT_ROWS = 10_000;

/** The columns of `csv` and `text` where none are named. */
export const DEFAULT_EXPORT_COLUMNS = ['time', 'level', 'logger', 'task', 'message'] as const;

/**
 * Which entries are written, and how. The filter is the table's own; without its `up_to` it is all that
 * can be queried when the export begins. Nothing that comes later is in it.
 */
export const exportRequestSchema = v.strictObject({
	filter: v.optional(v.strictObject(filterEntries), {}),
	/** By arrival, as in the files, or merged by time. */
	order: v.optional(v.picklist(ORDERS), 'arrival'),
	/** Which end is written first. A log's file begins with the oldest, the table with the newest. */
	first: v.optional(v.picklist(['oldest', 'newest']), 'oldest'),
	/** The newest so many in that order, whichever end is first; 0: all. */
	limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
	/** Only these `seq`s, of those that match: the selected rows, say. */
	rows: v.optional(
		v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.maxLength(MAX_EXPORT_ROWS)),
	),
	format: v.picklist(EXPORT_FORMATS),
	/** Of `csv` and `text`: ids as the table's; `delta`, which no entry has by itself, is left out. */
	columns: v.optional(columnsSchema),
	/** Of `csv`: whether the names of the columns stand before the first entry. */
	head: v.optional(v.boolean(), true),
	gzip: v.optional(v.boolean(), false),
	/** How `csv` and `text` write times: in UTC, or in the zone of the machine that writes them. */
	time_zone: v.optional(v.picklist(['local', 'utc']), 'utc'),
	/** Digits of the second in `csv` and `text`. */
	precision: v.optional(v.picklist([0, 3, 6]), 6),
	/** Of `text`: levels in the colours of a terminal. */
	color: v.optional(v.boolean(), false),
});
/** As it is asked for: what has a default may be left out. */
export type ExportWish = v.InferInput<typeof exportRequestSchema>;
export type ExportRequest = v.InferOutput<typeof exportRequestSchema>;

/**
 * - `waiting`: logs are still being read, or the browser has not begun to fetch it
 * - `writing`
 * - `done`: all of it is written, and on disk under its name
 * - `cancelled`, `failed`: nothing of it is left; `message` says why it failed
 */
export type ExportState = 'waiting' | 'writing' | 'done' | 'cancelled' | 'failed';

/** An export, and how far it is. */
export interface ExportStatus {
	readonly id: number;
	readonly state: ExportState;
	readonly format: ExportFormat;
	/** Where the file will be; `undefined` for one that a browser or a terminal takes. */
	readonly path?: string;
	/** Entries written so far. */
	readonly rows: number;
	/** Bytes written so far, compressed ones if it is. */
	readonly bytes: number;
	/** Share of the stored entries looked at, 0 to 1. */
	readonly fraction: number;
	/** Entries left out because they, or their lines, are nowhere to be had any more. */
	readonly missing: number;
	/** For `failed`: what failed, on what, what to do. */
	readonly message?: string;
}

const EXTENSIONS: Readonly<Record<ExportFormat, string>> = {
	jsonl: 'jsonl',
	original: 'log',
	csv: 'csv',
	text: 'txt',
};

/**
 * A name for the file, safe on every system: that of the log without its ending, and the ending of
 * the format. `scheduler.jsonl` as CSV: `scheduler.csv`; original lines keep their log's ending.
 */
export function exportFileName(
	log: string,
	{ format, gzip = false }: Pick<ExportWish, 'format' | 'gzip'>,
): string {
	const plain = log.replace(/\.(?:gz|zst)$/i, '');
	const dot = plain.lastIndexOf('.');
	const stem = safeName(dot > 0 ? plain.slice(0, dot) : plain) || 'entries';
	const own = dot > 0 ? safeName(plain.slice(dot + 1)) : '';
	const extension = format === 'original' && own !== '' ? own : EXTENSIONS[format];
	return `${stem}-export.${extension}${gzip ? '.gz' : ''}`;
}

/** A name that no system, header or shell takes for anything else; `entries` if nothing is left. */
export function safeFileName(name: string): string {
	return safeName(name) || 'entries';
}

/** Letters, digits and a few signs. */
function safeName(text: string): string {
	return text
		.replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
		.replaceAll(/^[._-]+|[._]+$/g, '')
		.slice(0, 150)
		.toWellFormed();
}

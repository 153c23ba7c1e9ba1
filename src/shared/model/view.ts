import * as v from 'valibot';
import { MAX_NOTE_LENGTH, ORDERS } from './query.ts';

/** How often the table takes in what is new. AsyncZ's own dashboard refreshes every 10 s. */
export const REFRESH_CHOICES = ['live', '1s', '5s', '10s', '30s', 'paused'] as const;
export type Refresh = (typeof REFRESH_CHOICES)[number];

const micros = v.pipe(v.number(), v.integer());

/** Which stretch of time is shown, as it was chosen. */
export const timeRangeSchema = v.variant('kind', [
	v.strictObject({ kind: v.literal('all') }),
	/** What happened within so many minutes before now. */
	v.strictObject({
		kind: v.literal('last'),
		minutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(60 * 24 * 366)),
	}),
	/** Microseconds since 1970; both ends belong to it. */
	v.strictObject({
		kind: v.literal('between'),
		since: v.exactOptional(micros),
		until: v.exactOptional(micros),
	}),
]);
export type TimeRange = v.InferOutput<typeof timeRangeSchema>;

/** Minutes of the ranges that are offered: 15 minutes to 7 days. */
export const RANGE_CHOICES = [15, 60, 4 * 60, 24 * 60, 7 * 24 * 60] as const;

/**
 * The columns every entry has, and `delta`, the time since the row before. Any other id of a column
 * is the name of a field, as in a query.
 */
export const COLUMN_IDS = [
	'time',
	'delta',
	'level',
	'task',
	'logger',
	'source',
	'message',
] as const;

/** One of `COLUMN_IDS`, or a field's name. */
export const columnIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
export type ColumnId = v.InferOutput<typeof columnIdSchema>;

export const columnsSchema = v.pipe(v.array(columnIdSchema), v.minLength(1), v.maxLength(50));

/** The field that names the run of a task an entry is of. */
export const RUN_FIELD = 'run_id';

/** `source` is shown only where there is more than one, the run only where entries name one. */
export const DEFAULT_COLUMNS: readonly ColumnId[] = [
	'time',
	'level',
	'task',
	RUN_FIELD,
	'logger',
	'source',
	'message',
];

/** By arrival with one source and by time with several (`auto`), or as the user says. */
export const ORDER_CHOICES = ['auto', ...ORDERS] as const;
export type OrderChoice = (typeof ORDER_CHOICES)[number];

/** A view that was given a name, to come back to. The first nine are on the keys 1 to 9. */
export const savedViewSchema = v.strictObject({
	name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
	query: v.pipe(v.string(), v.maxLength(10_000)),
	range: timeRangeSchema,
	columns: columnsSchema,
	refresh: v.picklist(REFRESH_CHOICES),
	order: v.picklist(ORDER_CHOICES),
});
export type SavedView = v.InferOutput<typeof savedViewSchema>;

/** An entry the user has marked, maybe with a note. `ts` tells whether the number still means it. */
export const markSchema = v.strictObject({
	seq: v.pipe(v.number(), v.integer(), v.minValue(0)),
	ts: micros,
	note: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NOTE_LENGTH))),
});
export type Mark = v.InferOutput<typeof markSchema>;

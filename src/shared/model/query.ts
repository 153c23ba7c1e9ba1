import * as v from 'valibot';
import { EntryFlag } from './entry.ts';
import type { EntryRow } from './entry.ts';
import { severityOf } from './level.ts';

/** AsyncZ's own default for the number of entries shown. */
export const DEFAULT_LIMIT = 200;

/** The most rows one call returns over the wire; a longer list is fetched page by page. */
export const MAX_PAGE_ROWS = 1_000;

const seq = v.pipe(v.number(), v.integer(), v.minValue(0));
const micros = v.pipe(v.number(), v.integer());
const shortText = v.pipe(v.string(), v.maxLength(10_000));

const filterEntries = {
	/** Exact and case-sensitive; empty means any. */
	task_id: v.optional(shortText),
	/** Exact name, in any case. */
	level: v.optional(shortText),
	/** This level and everything above it. */
	min_level: v.optional(shortText),
	/** Substring of the message, in any case; blank means any. */
	q: v.optional(shortText),
	/** Microseconds since 1970; both ends belong to the range. */
	since: v.optional(micros),
	until: v.optional(micros),
	/** Only entries of this source. */
	source: v.optional(v.pipe(v.number(), v.integer())),
	/** Only lines that could not be read as they should; `false`: only the others. */
	quarantined: v.optional(v.boolean()),
	/** Only entries up to and with this `seq`: the view's snapshot. */
	up_to: v.optional(seq),
};

/** Which entries, and which stretch of them: `limit` rows after the newest `offset`, newest first. */
export const querySchema = v.strictObject({
	...filterEntries,
	limit: v.optional(
		v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE_ROWS)),
		DEFAULT_LIMIT,
	),
	offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
});

/** Which entries to count: those after `after`, up to and with `up_to`. */
export const countQuerySchema = v.strictObject({ ...filterEntries, after: v.optional(seq) });

export type Query = v.InferOutput<typeof querySchema>;
export type CountQuery = v.InferOutput<typeof countQuerySchema>;
/** The part of a query that says which entries. */
export type Filter = Omit<CountQuery, 'after'>;

/** Rows that match a query, newest first by arrival. */
export interface Page {
	readonly rows: readonly EntryRow[];
	/**
	 * False when the search was cut short to stay responsive and `rows` may lack some: the same
	 * query asked again goes on where this one ended.
	 */
	readonly complete: boolean;
}

/** How many entries match. Asked again while not `complete`, it goes on counting. */
export interface Count {
	readonly matched: number;
	/** How many of them are ERROR or worse. */
	readonly errors: number;
	/** Share of the stored entries looked at, 0 to 1. */
	readonly searched: number;
	readonly complete: boolean;
}

/**
 * The filter in one spelling: what means "any" is gone, text is trimmed and well formed as that of
 * every entry, levels are upper case.
 */
export function normalizeFilter(filter: Filter): Filter {
	const level = filter.level?.trim().toWellFormed().toUpperCase();
	const minLevel = filter.min_level?.trim().toUpperCase();
	const q = filter.q?.trim().toWellFormed();
	const taskId = filter.task_id?.trim().toWellFormed();
	return {
		...(taskId ? { task_id: taskId } : {}),
		...(level ? { level } : {}),
		...(minLevel ? { min_level: minLevel } : {}),
		...(q ? { q } : {}),
		...(filter.since === undefined ? {} : { since: filter.since }),
		...(filter.until === undefined ? {} : { until: filter.until }),
		...(filter.source === undefined ? {} : { source: filter.source }),
		...(filter.quarantined === undefined ? {} : { quarantined: filter.quarantined }),
		...(filter.up_to === undefined ? {} : { up_to: filter.up_to }),
	};
}

/**
 * Whether an entry belongs to a filter: the meaning that every storage has to share. It is
 * AsyncZ's: exact task id, level exact by name in any case, case-insensitive substring of the
 * message only, both ends of a time range inclusive, everything joined by AND.
 */
export function matchFilter(filter: Filter, entry: EntryRow): boolean {
	const { task_id, level, min_level, q, since, until, source, quarantined, up_to } =
		normalizeFilter(filter);
	return (
		(task_id === undefined || entry.task_id === task_id) &&
		(level === undefined || entry.level.toUpperCase() === level) &&
		(min_level === undefined || entry.severity >= severityOf(min_level)) &&
		(q === undefined || entry.message.toLowerCase().includes(q.toLowerCase())) &&
		(since === undefined || entry.ts >= since) &&
		(until === undefined || entry.ts <= until) &&
		(source === undefined || entry.source === source) &&
		(quarantined === undefined || quarantined === ((entry.flags & EntryFlag.quarantined) !== 0)) &&
		(up_to === undefined || entry.seq <= up_to)
	);
}

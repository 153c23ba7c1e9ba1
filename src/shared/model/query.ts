import * as v from 'valibot';
import { isZone } from '../query/zone-offset.ts';
import type { EntryRow } from './entry.ts';

/** AsyncZ's own default for the number of entries shown. */
export const DEFAULT_LIMIT = 200;

/** The most entries a user can mark. */
export const MAX_MARKS = 1_000;

/** The longest note on an entry, in UTF-16 units. */
export const MAX_NOTE_LENGTH = 2_000;

/** The most rows one call returns over the wire; a longer list is fetched page by page. */
export const MAX_PAGE_ROWS = 1_000;

const seq = v.pipe(v.number(), v.integer(), v.minValue(0));
const micros = v.pipe(v.number(), v.integer());
const shortText = v.pipe(v.string(), v.maxLength(10_000));

/** The part of a question that says which entries. */
export const filterEntries = {
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
	/** Only entries that came after this `seq`. */
	arrived_after: v.optional(seq),
	/** Text in the query language (`parseQuery`); blank means any. */
	query: v.optional(shortText),
	/** A second one that has to match as well: what is highlighted, say. */
	also: v.optional(shortText),
	/** What times in a query count from, in microseconds since 1970; needed for relative ones. */
	at: v.optional(micros),
	/** The zone of times in a query that name none (IANA: `Europe/Berlin`); without one: UTC. */
	zone: v.optional(
		v.pipe(
			v.string(),
			v.maxLength(100),
			v.check(isZone, ({ input }) => `${input} is no time zone that is known here.`),
		),
	),
	/** What `is:marked` means: the `seq`s that the user has marked. */
	marked: v.optional(v.pipe(v.array(seq), v.maxLength(MAX_MARKS))),
	/** What `note:` looks at: what the user has written about entries. */
	notes: v.optional(
		v.pipe(
			v.array(v.strictObject({ seq, text: v.pipe(v.string(), v.maxLength(MAX_NOTE_LENGTH)) })),
			v.maxLength(MAX_MARKS),
		),
	),
	/** What `is:new` means: entries after this `seq`. Without it, nothing is new. */
	seen_to: v.optional(seq),
};

/** In which order entries are told: as they came, or by their times (then as they came). */
export const ORDERS = ['arrival', 'time'] as const;
export type Order = (typeof ORDERS)[number];

/** Without one: as they came. */
const order = v.optional(v.picklist(ORDERS));
const fieldName = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));

/** Which entries, and which stretch of them: `limit` rows after the newest `offset`, newest first. */
export const querySchema = v.strictObject({
	...filterEntries,
	limit: v.optional(
		v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE_ROWS)),
		DEFAULT_LIMIT,
	),
	offset: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
	order,
	/** Fields whose values each row is to have in `fields`, beside the columns all have. */
	fields: v.optional(v.pipe(v.array(fieldName), v.maxLength(50))),
});

/** Which entries to count: those after `after`, up to and with `up_to`. */
export const countQuerySchema = v.strictObject({
	...filterEntries,
	after: v.optional(seq),
	/** Only those that stand above this one in order of time: later, or as late and came later. */
	above: v.optional(v.strictObject({ ts: micros, seq })),
});

/** What to count by, beside how many there are: see `Shape`. */
export const shapeQuerySchema = v.strictObject({
	...filterEntries,
	/** How many stretches of time at most; the engine takes a round length. */
	buckets: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000))),
	facets: v.optional(
		v.pipe(
			v.array(
				v.strictObject({
					/** A field as in a query: `level`, `task_id`, `logger`, `source`, `extra.user.id`. */
					field: fieldName,
					/** Counts under this query instead: the view's own without what is said of this field. */
					query: v.optional(shortText),
					/** Only values that contain this, in any case. */
					search: v.optional(shortText),
					/** The most frequent ones. */
					limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)), 10),
				}),
			),
			v.maxLength(20),
		),
	),
});

/** Where the entries that match `also` stand among those that match the rest, newest first. */
export const placesQuerySchema = v.strictObject({
	...filterEntries,
	order,
	/** Into how many stretches of rows the whole is cut. */
	buckets: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2_000)),
	/** Rows of the whole that are told: the newest so many. */
	limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/** Which values of a field there are, for completion. */
export const valuesQuerySchema = v.strictObject({
	field: fieldName,
	/** Only values that contain this, in any case; those that begin with it come first. */
	search: v.optional(shortText, ''),
	limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
});

export type Query = v.InferOutput<typeof querySchema>;
export type CountQuery = v.InferOutput<typeof countQuerySchema>;
/** The part of a query that says which entries. */
export type Filter = Omit<CountQuery, 'after' | 'above'>;

export type ShapeQuery = v.InferOutput<typeof shapeQuerySchema>;
export type PlacesQuery = v.InferOutput<typeof placesQuerySchema>;
export type ValuesQuery = v.InferOutput<typeof valuesQuerySchema>;

/** Rows that match a query, newest first in the order it asked for. */
export interface Page {
	readonly rows: readonly EntryRow[];
	/**
	 * False when the search was cut short to stay responsive and `rows` may lack some: the same
	 * query asked again goes on where this one ended.
	 */
	readonly complete: boolean;
	/**
	 * Set where only the newest so many entries of the storage were looked at, because it can't answer
	 * this by itself: it is about those.
	 */
	readonly over?: number;
}

/** The five rows of a histogram's column, from below: what each severity from 0 on is counted as. */
export const SEVERITY_CLASSES = [0, 20, 30, 40, 50] as const;

/** How many entries match, when they were and what they have. Asked again while not `complete`. */
export interface Shape {
	readonly matched: number;
	/** Share of the stored entries looked at, 0 to 1. */
	readonly searched: number;
	readonly complete: boolean;
	/** `undefined` if none was asked for or nothing matches. */
	readonly histogram?: Histogram;
	/** As they were asked for. */
	readonly facets: readonly Facet[];
	/**
	 * Set where only the newest so many entries of the storage were looked at, because it can't answer
	 * this by itself: it is about those.
	 */
	readonly over?: number;
}

export interface Histogram {
	/** When the first stretch begins, in microseconds since 1970. */
	readonly from: number;
	/** How long each is, in microseconds. */
	readonly width: number;
	/** For each stretch: how many entries of each of `SEVERITY_CLASSES`. */
	readonly counts: readonly (readonly number[])[];
	/**
	 * Entries that match and are in none of the stretches: so few, and so far from all others, that
	 * these could not be told apart with them.
	 */
	readonly outside?: number;
}

export interface Facet {
	readonly field: string;
	/** The most frequent values first. */
	readonly values: readonly FacetValue[];
	/** Values that were left out; where there are too many to tell them apart, each entry counts. */
	readonly others: number;
	/** Entries that match and have no value there: no such field, null, or only objects and lists. */
	readonly missing: number;
	/** False: more is to be looked at, counts can still rise. */
	readonly complete: boolean;
	/** Share of the stored entries looked at, 0 to 1. */
	readonly searched: number;
}

export interface FacetValue {
	/** As it would stand in a query, without quotes; a source by its name. */
	readonly value: string;
	readonly count: number;
}

/** How many entries of each stretch of rows match `also`, the newest stretch first. */
export interface Places {
	readonly counts: readonly number[];
	/** Of `also`, and of the rest. */
	readonly matched: number;
	readonly total: number;
	readonly complete: boolean;
	/**
	 * Set where only the newest so many entries of the storage were looked at, because it can't answer
	 * this by itself: it is about those.
	 */
	readonly over?: number;
}

/** A field that stored entries have. */
export interface FieldInfo {
	/** As in a query. */
	readonly name: string;
	/** How many of the entries that were looked at have it. */
	readonly count: number;
	readonly kind: 'text' | 'number' | 'boolean' | 'time' | 'object';
}

/** Fields found among the newest entries. */
export interface FieldList {
	readonly fields: readonly FieldInfo[];
	/** How many entries were looked at. */
	readonly rows: number;
}

/** Values of a field; `rows`: they were found among so many of the newest entries, not in all. */
export interface ValueList {
	readonly values: readonly FacetValue[];
	readonly rows?: number;
}

/** How many entries match. Asked again while not `complete`, it goes on counting. */
export interface Count {
	readonly matched: number;
	/** How many of them are ERROR or worse. */
	readonly errors: number;
	/** Share of the stored entries looked at, 0 to 1. */
	readonly searched: number;
	readonly complete: boolean;
	/**
	 * Set where only the newest so many entries of the storage were looked at, because it can't answer
	 * this by itself: it is about those.
	 */
	readonly over?: number;
}

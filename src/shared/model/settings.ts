import * as v from 'valibot';
import { connectAddressSchema } from './feed-address.ts';
import { MAX_MARKS } from './query.ts';
import {
	columnIdSchema,
	columnsSchema,
	DEFAULT_COLUMNS,
	markSchema,
	ORDER_CHOICES,
	REFRESH_CHOICES,
	savedViewSchema,
} from './view.ts';

/** How many entries the table holds; 0 stands for all. */
export const LIMIT_CHOICES = [200, 1_000, 10_000, 0] as const;

/** An address as `parseStorageAddress` reads it; one that is none is told by whoever opens it. */
export const storageAddressSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(4_096));

/** Bytes, at most 1 PB; 0: no bound. */
export const spoolBytesSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e15));

/** Storages that receive everything as well are no more than this. */
export const MAX_MIRRORS = 8;

/** How near to each other rows can be, the nearest first. */
export const DENSITY_CHOICES = ['compact', 'normal', 'roomy'] as const;
export type Density = (typeof DENSITY_CHOICES)[number];

/** Which end of the table the newest row stands at. */
export const NEWEST_CHOICES = ['top', 'bottom'] as const;
export type NewestAt = (typeof NEWEST_CHOICES)[number];

const columnWidth = v.pipe(v.number(), v.integer(), v.minValue(40), v.maxValue(4_000));

const settingsEntries = {
	theme: v.picklist(['system', 'light', 'dark']),
	time_zone: v.picklist(['local', 'utc']),
	refresh: v.picklist(REFRESH_CHOICES),
	limit: v.picklist(LIMIT_CHOICES),
	/** Widths in CSS pixels of the columns a user has resized. */
	column_widths: v.record(columnIdSchema, columnWidth),
	/** The columns of the table, from the left. */
	columns: columnsSchema,
	order: v.picklist(ORDER_CHOICES),
	newest: v.picklist(NEWEST_CHOICES),
	/** How many digits of a second a time has. */
	precision: v.picklist([0, 3, 6]),
	/** How near to each other the rows of the table are. */
	density: v.picklist(DENSITY_CHOICES),
	/** Each row has room for three lines of its message. */
	wrap: v.boolean(),
	/** Every second row is shaded. */
	zebra: v.boolean(),
	histogram: v.boolean(),
	/** Fields beside level, task, logger and source whose values are listed with their counts. */
	facets: v.pipe(v.array(columnIdSchema), v.maxLength(15)),
	views: v.pipe(v.array(savedViewSchema), v.maxLength(100)),
	marks: v.pipe(v.array(markSchema), v.maxLength(MAX_MARKS)),
	/** Queries asked before, the last one first. */
	history: v.pipe(v.array(v.pipe(v.string(), v.maxLength(10_000))), v.maxLength(100)),
	/** Single letters are commands while the table has the focus. */
	letter_keys: v.boolean(),
	/** Other keys than a command has by itself, by the command's id. */
	keys: v.record(
		v.pipe(v.string(), v.maxLength(40)),
		v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(40))), v.maxLength(10)),
	),
	/** Width in CSS pixels of the details pane. */
	details_width: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(2_000)),
	/** Keep the lines themselves too, so that history outlives its file. */
	keep_text: v.boolean(),
	/** How much history is kept: the oldest leaves first. 0 stands for no bound. */
	retention: v.strictObject({
		rows: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e12)),
		/** On disk. */
		bytes: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e15)),
		days: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(36_500)),
	}),
	/** Where records of running schedulers come from. */
	feeds: v.strictObject({
		/** Listen at the fixed place of this user: a unix socket, on Windows a named pipe. */
		unix: v.boolean(),
		/** Listen on this TCP port of 127.0.0.1; 0: on none. */
		tcp: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)),
		/** Connect to these addresses, as `parseAddress` reads them. */
		connect: v.pipe(v.array(connectAddressSchema), v.maxLength(50)),
	}),
	/** Where entries are kept, each by its address without a password. */
	storage: v.object({
		/** The one that the table shows. */
		active: v.fallback(storageAddressSchema, 'sqlite'),
		/** Those that receive everything as well. */
		mirrors: v.fallback(v.pipe(v.array(storageAddressSchema), v.maxLength(MAX_MIRRORS)), () => []),
		/**
		 * How much the local database may take while it keeps what a storage has not taken yet; beyond
		 * it sources wait. 0 stands for no bound.
		 */
		spool_bytes: v.fallback(spoolBytesSchema, 2 * 1024 ** 3),
	}),
	/** Files opened before, the last one first. */
	recent: v.pipe(v.array(v.string()), v.maxLength(20)),
};

export const settingsSchema = v.object(settingsEntries);
export type Settings = v.InferOutput<typeof settingsSchema>;
export type Retention = Settings['retention'];
export type StorageSettings = Settings['storage'];
export type FeedSettings = Settings['feeds'];
export type Theme = Settings['theme'];
export type TimeZone = Settings['time_zone'];
export type Precision = Settings['precision'];

/**
 * A change of some settings. `recent` is not among them: the engine keeps it; nor is `storage`, which
 * `setStorages` changes.
 */
export const settingsChangeSchema = v.partial(
	v.omit(v.strictObject(settingsEntries), ['recent', 'storage']),
);
export type SettingsChange = v.InferOutput<typeof settingsChangeSchema>;

export const DEFAULT_SETTINGS: Settings = {
	theme: 'system',
	time_zone: 'local',
	refresh: 'live',
	limit: 200,
	column_widths: {},
	columns: [...DEFAULT_COLUMNS],
	order: 'auto',
	newest: 'top',
	precision: 3,
	density: 'normal',
	wrap: false,
	zebra: false,
	histogram: true,
	facets: [],
	views: [],
	marks: [],
	history: [],
	letter_keys: true,
	keys: {},
	details_width: 380,
	keep_text: true,
	retention: { rows: 0, bytes: 20 * 1024 ** 3, days: 0 },
	feeds: { unix: true, tcp: 0, connect: [] },
	storage: { active: 'sqlite', mirrors: [], spool_bytes: 2 * 1024 ** 3 },
	recent: [],
};

/** Settings out of anything: each valid value is kept, each other one becomes its default. */
export function parseSettings(value: unknown): Settings {
	const given: Readonly<Record<string, unknown>> =
		typeof value === 'object' && value !== null ? { ...value } : {};
	const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
	for (const [name, schema] of Object.entries(settingsEntries)) {
		const result = v.safeParse(schema as v.GenericSchema, given[name]);
		if (result.success) {
			settings[name] = result.output;
		}
	}
	return v.parse(settingsSchema, settings);
}

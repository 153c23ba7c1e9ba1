import { knownLevels } from '#shared/model/level.ts';

/** The columns of the seed's table. */
export const LOG_COLUMNS = ['ts', 'level', 'message', 'logger', 'task_id', 'extra'] as const;
export type LogColumn = (typeof LOG_COLUMNS)[number];

/** How a table's column was found. */
export interface FoundColumn {
	/** As PostgreSQL writes it: `timestamp with time zone`, `character varying(40)`, `jsonb`. */
	readonly type: string;
	readonly isNullable: boolean;
	/** At most so many characters fit. */
	readonly maxLength?: number;
	/** Texts that are equal by its collation may still be different texts. */
	readonly isLoose: boolean;
}

/** A table of logs: one of ours, or one that others made. */
export interface LogTable {
	/** Quoted, with its schema: safe to be part of a statement. */
	readonly sql: string;
	/** For people: `public.asyncz_logs`. */
	readonly name: string;
	readonly schema: string;
	readonly oid: string;
	readonly columns: Readonly<Record<LogColumn, FoundColumn>>;
	/** Whole numbers in an `id` tell entries apart, in about the order in which they came. */
	readonly hasId: boolean;
	/** There is a unique one that rows may lack. */
	readonly hasNullableId: boolean;
	/**
	 * Whether ids are the numbers of entries: as a whole no longer once one was met that JavaScript does
	 * not count exactly, as those of many generators of ids (2^53 and more).
	 */
	readonly numbers: { areKnown: boolean };
	/** Ids may be given out in advance, to sessions that use them much later. */
	readonly hasCachedIds: boolean;
	/** Rows of a stretch of time are found by an index. */
	readonly hasTimeIndex: boolean;
	/** Without an id: rows are told apart by where they stand (`ctid`). */
	readonly hasPlaces: boolean;
	/** The server can lower-case as JavaScript does (ICU); otherwise only ASCII is known to agree. */
	readonly hasIcu: boolean;
}

const ICU = 'COLLATE "und-x-icu"';

/** What `String.trim` takes away, as a constant of SQL. */
const SPACES =
	"E' \\t\\n\\u000B\\f\\r\\u00A0\\u1680\\u2000\\u2001\\u2002\\u2003\\u2004\\u2005\\u2006\\u2007\\u2008\\u2009\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF'";

/** A column as text; null where it is. */
export function textColumn({ columns }: LogTable, name: LogColumn): string {
	const { type, isLoose } = columns[name];
	const isText = type === 'text' || type.startsWith('character varying');
	const text = isText ? `t.${name}` : `t.${name}::text`;
	return isLoose ? `(${text} COLLATE "C")` : text;
}

/** The message, which no entry lacks. */
export function messageColumn(table: LogTable): string {
	const text = textColumn(table, 'message');
	return table.columns.message.isNullable ? `coalesce(${text}, '')` : text;
}

/** Text in lower case: as JavaScript has it, or with `hasIcu` false at least all that is ASCII. */
export function lowered(table: Pick<LogTable, 'hasIcu'>, text: string): string {
	return table.hasIcu
		? `lower((${text}) ${ICU})`
		: `lower(replace(translate(${text}, E'\\u212A', 'k'), E'\\u0130', E'i\\u0307') COLLATE "C")`;
}

/** The level as it is shown: see `QueryableEntry`. */
export function shownLevel(table: LogTable): string {
	const collation = table.hasIcu ? ICU : 'COLLATE "C"';
	const upper = `upper(btrim(${textColumn(table, 'level')}, ${SPACES}) ${collation})`;
	return `coalesce(nullif(${upper}, ''), 'INFO')`;
}

/** The order of the level, as `severityOf` has it: a small whole number. */
export function severity(table: LogTable): string {
	const level = shownLevel(table);
	const known = knownLevels()
		.map(([name, order]) => `WHEN '${name}' THEN ${order}`)
		.join(' ');
	const base = `CASE substring(${level} from '^[A-Z]+') WHEN 'DEBUG' THEN 10 WHEN 'INFO' THEN 20 WHEN 'WARN' THEN 30 ELSE 40 END`;
	const steps = `substring(${level} from '[+-][0-9]+$')::numeric * 2.5`;
	return `(CASE ${level} ${known} ELSE CASE WHEN ${level} ~ '^(DEBUG|INFO|WARN|ERROR)[+-][0-9]{1,3}$' THEN floor(${base} + ${steps} + 0.5)::integer ELSE 20 END END)`;
}

/** Microseconds since 1970, as a whole number of SQL; null is 0, what is infinite an end of what is told. */
export function microsColumn(): string {
	const micros = 'floor(extract(epoch from t.ts) * 1000000)';
	return `CASE WHEN t.ts IS NULL THEN 0 WHEN t.ts = 'infinity' THEN ${LAST_TIME} WHEN t.ts = '-infinity' THEN ${FIRST_TIME} ELSE ${micros} END::bigint`;
}

/** The years 1 to 9999, which are written with four digits: times beyond are infinite here. */
export const FIRST_TIME = -62_135_596_800_000_000;
export const LAST_TIME = 253_402_300_799_999_000;

/** The type that times are compared as. */
export function timeType({ columns }: LogTable): string {
	return columns.ts.type.includes('with time zone') ? 'timestamptz' : 'timestamp';
}

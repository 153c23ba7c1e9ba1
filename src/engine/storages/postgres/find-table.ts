import { AppError } from '#shared/errors.ts';
import type { PostgresAddress, Row, Send } from './connection.ts';
import { LOG_COLUMNS } from './sql/log-table.ts';
import type { FoundColumn, LogColumn, LogTable } from './sql/log-table.ts';
import { quoted, tableNames } from './table-name.ts';

/** A table as it was found, and what may be done with it. */
export interface FoundTable {
	readonly table: LogTable;
	/** What else stands in the way of appending, as a sentence. */
	readonly readOnly: string | undefined;
	/** The indexes there are, as `pg_get_indexdef` writes them. */
	readonly indexes: readonly string[];
	readonly isView: boolean;
}

interface Column extends FoundColumn {
	readonly name: string;
	/** A row can be inserted without it. */
	readonly isFree: boolean;
	/** It takes any text; for `extra`, JSON. */
	readonly isFitting: boolean;
	/** Its values are made of others. */
	readonly isGenerated: boolean;
}

const FIND = `
	SELECT c.oid::text, n.nspname, c.relname, c.relkind::text,
		has_table_privilege(c.oid, 'SELECT')::text, has_table_privilege(c.oid, 'INSERT')::text,
		(SELECT count(*) FROM pg_collation WHERE collname = 'und-x-icu')::text,
		CASE WHEN c.relkind = 'v' THEN (pg_relation_is_updatable(c.oid, true) & 8 <> 0)::text ELSE 'true' END
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname = $1
		AND CASE WHEN $2::text IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = $2 END`;

const COLUMNS = `
	SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
		CASE WHEN a.atttypid IN (1043, 1042) AND a.atttypmod > 4 THEN (a.atttypmod - 4)::text END,
		coalesce((SELECT NOT collisdeterministic FROM pg_collation WHERE oid = a.attcollation), false)::text,
		(NOT a.attnotnull OR a.atthasdef OR a.attidentity <> '')::text,
		(t.typcategory IN ('S', 'E') OR a.attname = 'extra' AND coalesce(nullif(t.typbasetype, 0), t.oid) IN (114, 3802))::text,
		(a.attgenerated <> '')::text
	FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped`;

const INDEXES = `
	SELECT pg_get_indexdef(indexrelid), indisunique::text FROM pg_index
	WHERE indrelid = $1::oid AND indisvalid`;

const CACHED = `
	SELECT 1 FROM pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid
	WHERE d.classid = 'pg_class'::regclass AND d.refobjid = $1::oid AND s.seqcache > 1`;

/** How `pg_get_indexdef` writes an index by time. */
export const TIME_INDEX = /USING btree \(ts(?:, id)?\)/;

/**
 * Looks at the table of an address; `undefined` if there is none of its name. Throws a sentence that
 * names what is missing or foreign.
 */
export async function findTable(
	send: Send,
	address: PostgresAddress,
): Promise<FoundTable | undefined> {
	let found: Row | undefined;
	for (const { schema, name } of tableNames(address)) {
		[found] = found === undefined ? await send(FIND, [name, schema ?? null]) : [found];
	}
	if (found === undefined) {
		return undefined;
	}
	const [oid = '', inSchema, relation, kind, mayRead, mayInsert, icu, isInsertable] =
		found.map(String);
	const full = `${inSchema}.${relation}`;
	if (mayRead !== 'true') {
		throw new AppError(
			'storage-failed',
			`This user may not read ${full}. Its owner runs: GRANT SELECT, INSERT ON ${full} TO the user.`,
		);
	}
	const columns = (await send(COLUMNS, [oid])).map(columnOf);
	const indexes = await send(INDEXES, [oid]);
	const own = logColumns(columns, full);
	const isView = kind === 'v' || kind === 'm';
	const id = columns.find((column) => column.name === 'id');
	const hasId =
		id !== undefined &&
		/^(?:bigint|integer|smallint)$/.test(id.type) &&
		(isView || (isUnique(indexes) && !id.isNullable));
	const hasPlaces = kind === 'r' || kind === 'p';
	if (!hasId && !hasPlaces) {
		throw new AppError(
			'storage-failed',
			`${full} has no column id with whole numbers, and nothing else tells its rows apart. Add the id of its table to it.`,
		);
	}
	return {
		table: {
			sql: `${quoted(inSchema ?? '')}.${quoted(relation ?? '')}`,
			name: full,
			schema: inSchema ?? '',
			oid,
			columns: own,
			hasId,
			hasNullableId: !hasId && id?.isNullable === true && isUnique(indexes),
			numbers: { areKnown: hasId },
			hasCachedIds: (await send(CACHED, [oid])).length > 0,
			hasTimeIndex: indexes.some(([definition]) => TIME_INDEX.test(definition ?? '')),
			hasPlaces,
			hasIcu: icu !== '0',
		},
		readOnly:
			mayInsert !== 'true'
				? `This user may only read ${full}. To append, its owner runs: GRANT INSERT ON ${full} TO the user.`
				: isInsertable !== 'true' || kind === 'm'
					? `${full} is a view that nothing can be inserted into. Name its table to append.`
					: unfitting(columns, full),
		indexes: indexes.map(([definition]) => definition ?? ''),
		isView,
	};
}

/** What of the columns stands in the way of appending. */
function unfitting(columns: readonly Column[], table: string): string | undefined {
	const foreign = columns.filter((column) => !isLogColumn(column.name) && !column.isFree);
	if (foreign.length > 0) {
		return `${table} wants a value for ${foreign.map((column) => column.name).join(', ')}, which entries do not have. Give ${foreign.length === 1 ? 'it' : 'them'} a default to append.`;
	}
	const logs = columns.filter(({ name }) => isLogColumn(name));
	const generated = logs.find((column) => column.isGenerated);
	if (generated !== undefined) {
		return `${table} makes its column ${generated.name} of others. Make it a plain column to append.`;
	}
	const other = logs.find(({ name, isFitting }) => name !== 'ts' && !isFitting);
	const wanted = other?.name === 'extra' ? 'jsonb' : 'text';
	return (
		other &&
		`${table}: ${other.name} is ${other.type}, which does not take what entries have. Make it ${wanted} to append.`
	);
}

function isUnique(indexes: readonly (readonly (string | null)[])[]): boolean {
	return indexes.some(
		([definition, unique]) => unique === 'true' && (definition ?? '').endsWith('(id)'),
	);
}

function columnOf(row: Row): Column {
	const [name, type, notNull, length, isLoose, isFree, isFitting, isGenerated] = row;
	return {
		name: name ?? '',
		type: type ?? '',
		isNullable: notNull !== 'true',
		...(length === null || length === undefined ? {} : { maxLength: Number(length) }),
		isLoose: isLoose === 'true',
		isFree: isFree === 'true',
		isFitting: isFitting === 'true',
		isGenerated: isGenerated === 'true',
	};
}

function isLogColumn(name: string): name is LogColumn {
	return LOG_COLUMNS.some((column) => column === name);
}

function logColumns(columns: readonly Column[], table: string): Record<LogColumn, FoundColumn> {
	const missing = LOG_COLUMNS.filter((name) => columns.every((column) => column.name !== name));
	if (missing.length > 0) {
		throw new AppError(
			'storage-failed',
			`${table} has no column ${missing.join(', ')}: it needs ${LOG_COLUMNS.join(', ')}. Add what is missing, or name another table with table=…`,
		);
	}
	const named = (name: LogColumn): FoundColumn =>
		columns.find((column) => column.name === name) ?? {
			type: '',
			isNullable: true,
			isLoose: false,
		};
	const found = {
		ts: named('ts'),
		level: named('level'),
		message: named('message'),
		logger: named('logger'),
		task_id: named('task_id'),
		extra: named('extra'),
	};
	if (!found.ts.type.startsWith('timestamp')) {
		throw new AppError(
			'storage-failed',
			`${table}: ts is ${found.ts.type}, and has to be timestamptz or timestamp. Change it, or name another table with table=…`,
		);
	}
	return found;
}

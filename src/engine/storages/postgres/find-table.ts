import { AppError } from '#shared/errors.ts';
import type { PostgresAddress, Send } from './connection.ts';
import { LOG_COLUMNS } from './sql/log-table.ts';
import type { FoundColumn, LogColumn, LogTable } from './sql/log-table.ts';

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
}

/** How a table's name is written in SQL: `logs.asyncz_logs`, `"My logs"`. */
export function tableName(address: PostgresAddress): { schema: string | undefined; name: string } {
	const parts = [...address.table.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(
		([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
	);
	const [first = '', second, third] = parts;
	if (first === '' || third !== undefined || parts.join('.').includes('\0')) {
		throw new AppError(
			'storage-failed',
			`${address.table} is no name of a table: expected asyncz_logs or schema.asyncz_logs.`,
		);
	}
	return second === undefined
		? { schema: undefined, name: first }
		: { schema: first, name: second };
}

/** A name as a part of a statement. */
export function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
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
		(NOT a.attnotnull OR a.atthasdef OR a.attidentity <> '')::text
	FROM pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped`;

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
	const { schema, name } = tableName(address);
	const [found] = await send(FIND, [name, schema ?? null]);
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
		(isView || isUnique(indexes));
	const hasPlaces = kind === 'r' || kind === 'p';
	if (!hasId && !hasPlaces) {
		throw new AppError(
			'storage-failed',
			`${full} has no column id with whole numbers, and nothing else tells its rows apart. Add the id of its table to it.`,
		);
	}
	const foreign = columns.filter((column) => !isLogColumn(column.name) && !column.isFree);
	return {
		table: {
			sql: `${quoted(inSchema ?? '')}.${quoted(relation ?? '')}`,
			name: full,
			schema: inSchema ?? '',
			oid,
			columns: own,
			hasId,
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
					: foreign.length > 0
						? `${full} wants a value for ${foreign.map((column) => column.name).join(', ')}, which entries do not have. Give ${foreign.length === 1 ? 'it' : 'them'} a default to append.`
						: undefined,
		indexes: indexes.map(([definition]) => definition ?? ''),
		isView,
	};
}

function isUnique(indexes: readonly (readonly (string | null)[])[]): boolean {
	return indexes.some(
		([definition, unique]) => unique === 'true' && (definition ?? '').endsWith('(id)'),
	);
}

function columnOf([name, type, notNull, length, isLoose, isFree]: readonly (
	string | null
)[]): Column {
	return {
		name: name ?? '',
		type: type ?? '',
		isNullable: notNull !== 'true',
		...(length === null || length === undefined ? {} : { maxLength: Number(length) }),
		isLoose: isLoose === 'true',
		isFree: isFree === 'true',
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

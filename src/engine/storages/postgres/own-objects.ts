import type { PostgresAddress, Send } from './connection.ts';
import { TIME_INDEX } from './find-table.ts';
import { lowered, severity, textColumn } from './sql/log-table.ts';
import type { LogTable } from './sql/log-table.ts';
import { isShortName, newTableName, quoted } from './table-name.ts';

/**
 * What is ours in a schema: which tables we made, and which of whose entries they have. Rows and
 * tables of others are never changed.
 */
export const TABLES = 'asyncz_companion_tables';
export const WRITERS = 'asyncz_companion_writers';

/** Raised with each change of what is ours; `MIGRATIONS` leads there. */
const VERSION = 1;

/** Two that open the same storage at once do this one after the other. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('asyncz-companion'))`;

/** From each version to the next, by the schema. */
const MIGRATIONS: readonly ((schema: string) => readonly string[])[] = [
	(schema) => [
		`CREATE TABLE ${schema}.${TABLES} (oid oid PRIMARY KEY, version integer NOT NULL)`,
		`CREATE TABLE ${schema}.${WRITERS} (logs oid, writer text COLLATE "C", last_number bigint NOT NULL, PRIMARY KEY (logs, writer))`,
	],
];

/** The schema of a table that does not exist yet: where a new one would be made. */
export async function schemaOf(send: Send, address: PostgresAddress): Promise<string | undefined> {
	const { schema } = newTableName(address);
	if (schema !== undefined) {
		return schema;
	}
	const [row] = await send('SELECT current_schema()');
	return row?.[0] ?? undefined;
}

/** Which tables of a schema are ours; `undefined` where nothing of ours is. */
export async function ownTables(
	send: Send,
	schema: string,
): Promise<ReadonlySet<string> | undefined> {
	const [found] = await send(
		`SELECT has_table_privilege(c.oid, 'SELECT')::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = '${TABLES}'`,
		[schema],
	);
	if (found?.[0] !== 'true') {
		return undefined;
	}
	const rows = await send(`SELECT oid::text FROM ${quoted(schema)}.${TABLES}`);
	return new Set(rows.map(([oid]) => oid ?? ''));
}

/** Makes what is ours in a schema, or brings it up to date. In a transaction. */
export async function migrate(send: Send, schema: string): Promise<void> {
	await send(LOCK);
	const place = quoted(schema);
	const version = (await ownTables(send, schema)) === undefined ? 0 : await versionOf(send, place);
	for (const migration of MIGRATIONS.slice(version)) {
		for (const statement of migration(place)) {
			await send(statement);
		}
	}
	// Of no table: the version of these themselves.
	await send(
		`INSERT INTO ${place}.${TABLES} VALUES (0, $1::integer) ON CONFLICT (oid) DO UPDATE SET version = greatest(${TABLES}.version, excluded.version)`,
		[String(VERSION)],
	);
}

/** Drops what is ours in a schema, unless it is about a table. In a transaction. */
export async function dropOwn(send: Send, schema: string): Promise<void> {
	await send(LOCK);
	const place = quoted(schema);
	const [found] = await send(
		`SELECT 1 FROM ${place}.${WRITERS} UNION ALL SELECT 1 FROM ${place}.${TABLES} WHERE oid <> 0`,
	);
	if (found === undefined) {
		await send(`DROP TABLE ${place}.${WRITERS}, ${place}.${TABLES}`);
	}
}

async function versionOf(send: Send, schema: string): Promise<number> {
	const [row] = await send(`SELECT version::text FROM ${schema}.${TABLES} WHERE oid = 0`);
	return Number(row?.[0] ?? 0);
}

/** Makes the table of logs and remembers that it is ours. In a transaction. */
export async function createTable(
	send: Send,
	address: PostgresAddress,
	schema: string,
): Promise<void> {
	const name = `${quoted(schema)}.${quoted(newTableName(address).name)}`;
	await send(`CREATE TABLE ${name} (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		ts timestamptz NOT NULL,
		level text COLLATE "C" NOT NULL,
		message text COLLATE "C" NOT NULL,
		logger text COLLATE "C" NOT NULL,
		task_id text COLLATE "C",
		extra jsonb
	)`);
	await send(
		`INSERT INTO ${quoted(schema)}.${TABLES} VALUES ($1::regclass::oid, $2::integer) ON CONFLICT (oid) DO NOTHING`,
		[name, String(VERSION)],
	);
}

/** An index that makes questions quick, and how it is known. */
export interface WantedIndex {
	readonly name: string;
	readonly sql: string;
	/** The same with a name that PostgreSQL chooses. */
	readonly unnamed: string;
	/** For people: what is slow without it. */
	readonly use: string;
	/** Whether an index that is there does the same. */
	readonly isAmong: (definitions: readonly string[]) => boolean;
}

/** Of the table itself rather than of the row `t`. */
function bare(sql: string): string {
	return sql.replaceAll('t.', '');
}

function index(
	table: LogTable,
	what: string,
	on: string,
): Pick<WantedIndex, 'name' | 'sql' | 'unnamed'> {
	const name = `${table.name.slice(table.schema.length + 1)}_${what}`;
	const unnamed = `CREATE INDEX ON ${table.sql} ${on}`;
	const sql = `CREATE INDEX ${quoted(name)} ON ${table.sql} ${on}`;
	return { name, sql: isShortName(name) ? sql : unnamed, unnamed };
}

/** Whether something in a schema has a name. */
export async function isTaken(send: Send, schema: string, name: string): Promise<boolean> {
	const sql =
		'SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2';
	return (await send(sql, [schema, name])).length > 0;
}

/** The indexes that a table of logs should have; `name` is what theirs begin with. */
export function wantedIndexes(table: LogTable): readonly WantedIndex[] {
	const last = table.hasId ? ', id' : '';
	const task = bare(lowered(table, textColumn(table, 'task_id')));
	return [
		{
			...index(table, 'ts', `(ts${last})`),
			use: 'by time',
			isAmong: (all) => all.some((text) => TIME_INDEX.test(text)),
		},
		{
			...index(table, 'task', `((${task})${last})`),
			use: 'by task',
			isAmong: (all) => all.some((text) => /lower\(.*task_id/.test(text)),
		},
		{
			...index(table, 'severity', `((${bare(severity(table))})${last})`),
			use: 'by level',
			isAmong: (all) => all.some((text) => /CASE.*level/s.test(text)),
		},
	];
}

/** The index for text in messages; it needs the extension pg_trgm. */
export function textIndex(table: LogTable, trigrams: string): WantedIndex {
	const message = bare(lowered(table, textColumn(table, 'message')));
	return {
		...index(table, 'text', `USING gin (${message} ${trigrams})`),
		use: 'for rare text',
		isAmong: (all) => all.some((text) => /USING gin \(lower\(.*message.*gin_trgm_ops/.test(text)),
	};
}

/** The operators of pg_trgm with their schema; `undefined` if it is not there and can't be made. */
export async function findTrigrams(send: Send, mayCreate: boolean): Promise<string | undefined> {
	if (mayCreate) {
		await send('SAVEPOINT trigrams');
		try {
			await send('CREATE EXTENSION IF NOT EXISTS pg_trgm');
		} catch {
			await send('ROLLBACK TO trigrams');
		}
	}
	const [row] = await send(
		`SELECT quote_ident(n.nspname) || '.gin_trgm_ops' FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE o.opcname = 'gin_trgm_ops'`,
	);
	return row?.[0] ?? undefined;
}

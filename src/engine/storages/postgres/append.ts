import type { NewEntry } from '../log-storage.ts';
import type { PostgresConnection, Send } from './connection.ts';
import { PostgresError } from './postgres-errors.ts';
import { quoted } from './table-name.ts';
import { columnText, jsonbText } from './jsonb-text.ts';
import { WRITERS } from './own-objects.ts';
import { LOG_COLUMNS } from './sql/log-table.ts';
import type { LogColumn, LogTable } from './sql/log-table.ts';
import { arrayText } from './sql/parameters.ts';
import { timeText } from './sql/times.ts';

/**
 * An entry of an index takes at most 2,704 bytes, and one that does not fit would stand in the way of
 * all that come after it: names that are longer than this are cut then, of which UTF-8 makes at most
 * four bytes each.
 */
const MAX_INDEXED = 600;

/** PostgreSQL's word for what is too much for it by itself. */
const LIMIT_EXCEEDED = '54000';

/** Rows of one statement. */
const AT_ONCE = 2_500;

/** The channel on which is told that rows came to a table. */
export function channelOf(table: LogTable): string {
	return `asyncz_companion_${table.oid}`;
}

/**
 * Adds entries in one transaction, in their order. With `isCounted` it also remembers the last
 * number of each writer there, and leaves out what it has already: a writer that offers a batch again
 * waits for the transaction that may still be at work for it. `begin` begins the transaction.
 */
export async function appendEntries(
	connection: PostgresConnection,
	table: LogTable,
	entries: readonly NewEntry[],
	isCounted: boolean,
	begin: string,
): Promise<void> {
	try {
		await insertEntries(connection, table, entries, isCounted, begin);
	} catch (error) {
		if (!(error instanceof PostgresError && error.reason === LIMIT_EXCEEDED)) {
			throw error;
		}
		await insertEntries(connection, table, entries.map(withShortNames), isCounted, begin);
	}
}

function withShortNames(entry: NewEntry): NewEntry {
	const { level, logger, task_id } = entry;
	return {
		...entry,
		level: shortened(level),
		logger: shortened(logger),
		...(task_id === undefined ? {} : { task_id: shortened(task_id) }),
	};
}

function shortened(name: string): string {
	return name.length > MAX_INDEXED ? `${name.slice(0, MAX_INDEXED).toWellFormed()}…` : name;
}

async function insertEntries(
	connection: PostgresConnection,
	table: LogTable,
	entries: readonly NewEntry[],
	isCounted: boolean,
	begin: string,
): Promise<void> {
	await connection.transaction(
		async (send) => {
			const writers = `${quoted(table.schema)}.${WRITERS}`;
			const last = new Map<string, number>();
			const named = new Set(isCounted ? entries.map(({ origin }) => origin?.writer ?? '') : []);
			named.delete('');
			// In one order for all: two that have writers in common never wait for each other.
			for (const writer of [...named].sort()) {
				const [row] = await send(
					`INSERT INTO ${writers} AS w VALUES ($1::oid, $2, -1) ON CONFLICT (logs, writer) DO UPDATE SET last_number = w.last_number RETURNING last_number::text`,
					[table.oid, writer],
				);
				last.set(writer, Number(row?.[0] ?? -1));
			}
			const fresh = entries.filter(
				({ origin }) =>
					origin === undefined || !isCounted || origin.number > (last.get(origin.writer) ?? -1),
			);
			if (fresh.length === 0) {
				return;
			}
			await insert(send, table, fresh);
			for (const { origin } of fresh) {
				if (origin !== undefined) {
					last.set(origin.writer, Math.max(origin.number, last.get(origin.writer) ?? -1));
				}
			}
			const channel = channelOf(table);
			if (named.size === 0) {
				await send(`SELECT pg_notify($1, '')`, [channel]);
				return;
			}
			const counted = [...named];
			await send(
				`WITH counted AS (UPDATE ${writers} w SET last_number = n.last FROM unnest($3::text[], $4::bigint[]) AS n(writer, last) WHERE w.logs = $1::oid AND w.writer = n.writer) SELECT pg_notify($2, '')`,
				[
					table.oid,
					channel,
					arrayText(counted),
					arrayText(counted.map((writer) => String(last.get(writer)))),
				],
			);
		},
		{ begin },
	);
}

/** While the server works at some rows, the next ones are made ready. */
async function insert(send: Send, table: LogTable, entries: readonly NewEntry[]): Promise<void> {
	const statement = insertStatement(table);
	let inserting: Promise<unknown> = Promise.resolve();
	for (let at = 0; at < entries.length; at += AT_ONCE) {
		const values = columnsOf(entries.slice(at, at + AT_ONCE));
		await inserting;
		inserting = send(statement, values);
	}
	await inserting;
}

/** Text columns may be narrower than an entry: a cast cuts it, where an assignment would fail. */
function insertStatement({ sql, columns }: LogTable): string {
	const values = LOG_COLUMNS.map((name) => {
		const { type, isNullable } = columns[name];
		const empty = !isNullable && name === 'task_id' ? `''` : isNullable ? undefined : `'{}'`;
		const given =
			empty === undefined || (name !== 'task_id' && name !== 'extra')
				? `u.${name}`
				: `coalesce(u.${name}, ${empty})`;
		return `${given}::${name === 'ts' ? `timestamptz::${type}` : type}`;
	});
	const arrays = LOG_COLUMNS.map((_, index) => `$${index + 1}::text[]`);
	return `INSERT INTO ${sql} (${LOG_COLUMNS.join(', ')}) SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS u(${LOG_COLUMNS.join(', ')}, place) ORDER BY u.place`;
}

/** The values of each column, as lists. */
function columnsOf(entries: readonly NewEntry[]): readonly string[] {
	const values: Record<LogColumn, (entry: NewEntry) => string | null> = {
		ts: ({ ts }) => timeText(ts),
		level: ({ level }) => columnText(level),
		message: ({ message }) => columnText(message),
		logger: ({ logger }) => columnText(logger),
		task_id: ({ task_id }) => (task_id === undefined ? null : columnText(task_id)),
		extra: ({ extra }) => (extra === undefined ? null : jsonbText(extra)),
	};
	return LOG_COLUMNS.map((name) => arrayText(entries.map(values[name])));
}

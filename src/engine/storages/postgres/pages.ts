import type { Filter, Order } from '#shared/model/query.ts';
import type { StoragePage, StorageQuery, StoredEntry } from '../log-storage.ts';
import type { Patience, PostgresConnection, Row } from './connection.ts';
import { idsOfTimes } from './ids-of-times.ts';
import { doubtOf } from './sql/condition.ts';
import type { Condition } from './sql/condition.ts';
import { compileFilterSql } from './sql/compile-filter.ts';
import type { LogTable } from './sql/log-table.ts';
import { Parameters } from './sql/parameters.ts';
import { timeOf } from './sql/times.ts';
import { entryColumns, entryOf } from './stored-rows.ts';

/**
 * Rows that are looked at in one go where the server can't decide by itself. Most of those that are in
 * doubt match, so that at first no more than a page are.
 */
const LOOKED_AT = 2_000;

/** Which rows: newest first in an order, behind an entry or a number of them. */
interface Stretch {
	readonly order: Order;
	readonly limit: number;
	readonly before?: StoredEntry | undefined;
	readonly offset?: number;
}

/** Reads a page. What SQL can't decide is asked of `matches`, as many rows as that takes. */
export async function readPage(
	connection: PostgresConnection,
	table: LogTable,
	{ filter, matches, order, limit, before: first }: StorageQuery,
): Promise<StoragePage> {
	const found: StoredEntry[] = [];
	const ids = order === 'arrival' ? await idsOfTimes(connection, table, filter) : undefined;
	let before = first;
	let lookedAt = limit + 1;
	for (;;) {
		const parameters = new Parameters();
		const condition = compileFilterSql(filter, table, parameters);
		const isSure = condition.doubts.length === 0;
		// One more: whether there is another page.
		const wanted = isSure ? limit + 1 - found.length : lookedAt;
		lookedAt = Math.max(LOOKED_AT, limit + 1);
		const where = within(condition.sql, parameters, ids);
		const rows = await readRows(connection, table, parameters, where, {
			order,
			limit: wanted,
			before,
		});
		for (const entry of rows) {
			if (matches(entry)) {
				if (found.length === limit) {
					return { entries: found, isEnd: false };
				}
				found.push(entry);
			}
		}
		before = rows.at(-1);
		if (rows.length < wanted || before === undefined) {
			return { entries: found, isEnd: true };
		}
	}
}

/** `limit` entries after the newest `offset` of those that match a filter, as a condition on `t`. */
export async function readStretch(
	{
		connection,
		table,
		parameters,
		patience: { signal },
	}: {
		readonly connection: PostgresConnection;
		readonly table: LogTable;
		readonly parameters: Parameters;
		readonly patience: Patience;
	},
	filter: Filter,
	where: string,
	stretch: { readonly order: Order; readonly offset: number; readonly limit: number },
): Promise<readonly StoredEntry[]> {
	const ids = stretch.order === 'arrival' ? await idsOfTimes(connection, table, filter) : undefined;
	const condition = within(where, parameters, ids);
	return readRows(connection, table, parameters, condition, stretch, { signal });
}

function within(
	where: string,
	parameters: Parameters,
	ids: { readonly first: string; readonly last: string } | undefined,
): string {
	return ids === undefined
		? where
		: `${where} AND t.id BETWEEN ${parameters.add(ids.first, 'bigint')} AND ${parameters.add(ids.last, 'bigint')}`;
}

/** All rows that match and are in doubt; `undefined` if they are more than `limit`. */
export async function readDoubtful(
	connection: PostgresConnection,
	table: LogTable,
	parameters: Parameters,
	condition: Condition,
	limit: number,
	patience: Patience,
): Promise<readonly StoredEntry[] | undefined> {
	if (condition.doubts.length === 0) {
		return [];
	}
	const sql = `SELECT ${entryColumns(table)} FROM ${table.sql} t WHERE ${condition.sql} AND (${doubtOf(condition)}) LIMIT ${limit + 1}`;
	const rows = await connection.query(...parameters.bind(sql), patience);
	return rows.length > limit ? undefined : rows.map((row) => entryOf(table, row));
}

/** Rows whose time is null are the last of all in order of time: an index has them first. */
async function readRows(
	connection: PostgresConnection,
	table: LogTable,
	parameters: Parameters,
	where: string,
	stretch: Stretch,
	patience: Patience = {},
): Promise<readonly StoredEntry[]> {
	const byTime = stretch.order === 'time' || !table.hasId;
	const read = async (condition: string, rest: Stretch): Promise<readonly StoredEntry[]> => {
		const sql = statement(table, parameters, condition, rest, byTime);
		const rows = await connection.query(...parameters.bind(sql), patience);
		return rows.map((row: Row) => entryOf(table, row));
	};
	if (!byTime || !table.columns.ts.isNullable) {
		return read(where, stretch);
	}
	const { before, limit, offset = 0 } = stretch;
	const isBehindAll = before !== undefined && (await isTimeless(connection, table, before));
	const timed = isBehindAll ? [] : await read(`${where} AND t.ts IS NOT NULL`, stretch);
	if (timed.length === limit) {
		return timed;
	}
	const skipped =
		offset === 0 || timed.length > 0
			? 0
			: offset - (await countTimed(connection, table, parameters, where));
	const behind = isBehindAll ? { before } : { before: undefined };
	const timeless = await read(`${where} AND t.ts IS NULL`, {
		...stretch,
		...behind,
		offset: skipped,
		limit: limit - timed.length,
	});
	return [...timed, ...timeless];
}

function statement(
	table: LogTable,
	parameters: Parameters,
	where: string,
	{ limit, before, offset = 0 }: Stretch,
	byTime: boolean,
): string {
	const parts = [where];
	const tie = table.hasId ? ['t.id'] : ['t.tableoid', 't.ctid'];
	if (before !== undefined) {
		const place = placeOf(table, parameters, before.id);
		const isTimeless = where.endsWith('t.ts IS NULL');
		if (byTime && !isTimeless) {
			// As the row has it: beyond the year 2255 microseconds are more than a double counts.
			const own = `(SELECT b.ts FROM ${table.sql} b WHERE (${tie.join(', ').replaceAll('t.', 'b.')}) = (${place}))`;
			const ts = `coalesce(${own}, ${timeOf(table, parameters, before.ts)})`;
			parts.push(`t.ts <= ${ts} AND (t.ts, ${tie.join(', ')}) < (${ts}, ${place})`);
		} else {
			parts.push(`(${tie.join(', ')}) < (${place})`);
		}
	}
	const order = [...(byTime ? ['t.ts'] : []), ...tie].map((sql) => `${sql} DESC`).join(', ');
	const columns = entryColumns(table);
	const rest = `WHERE ${parts.join(' AND ')} ORDER BY ${order} LIMIT ${limit} OFFSET ${offset}`;
	if (offset === 0 || !table.hasId) {
		return `SELECT ${columns} FROM ${table.sql} t ${rest}`;
	}
	// What is stepped over is only counted: an index may do, and nothing is made of its rows.
	return `SELECT ${columns} FROM ${table.sql} t WHERE t.id IN (SELECT t.id FROM ${table.sql} t ${rest}) ORDER BY ${order}`;
}

/** What tells a row apart, as its id says. */
function placeOf(table: LogTable, parameters: Parameters, id: string): string {
	if (table.hasId) {
		return parameters.add(id, 'bigint');
	}
	const [oid = '', place = ''] = id.split(':');
	return `${parameters.add(oid, 'oid')}, ${parameters.add(place, 'tid')}`;
}

async function isTimeless(
	connection: PostgresConnection,
	table: LogTable,
	{ id, ts }: StoredEntry,
): Promise<boolean> {
	if (ts !== 0) {
		return false;
	}
	const parameters = new Parameters();
	const tie = table.hasId ? 't.id' : 't.tableoid, t.ctid';
	const sql = `SELECT 1 FROM ${table.sql} t WHERE (${tie}) = (${placeOf(table, parameters, id)}) AND t.ts IS NULL`;
	const rows = await connection.query(...parameters.bind(sql));
	return rows.length > 0;
}

async function countTimed(
	connection: PostgresConnection,
	table: LogTable,
	parameters: Parameters,
	where: string,
): Promise<number> {
	const sql = `SELECT count(*) FROM ${table.sql} t WHERE ${where} AND t.ts IS NOT NULL`;
	const [row] = await connection.query(...parameters.bind(sql));
	return Number(row?.[0] ?? 0);
}

import type { Filter } from '#shared/model/query.ts';
import type { QueryContext, QueryNode } from '#shared/query/ast.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { timeBoundsOf } from '#shared/query/time-test.ts';
import type { TimeBounds } from '#shared/query/time-test.ts';
import type { PostgresConnection } from './connection.ts';
import type { LogTable } from './sql/log-table.ts';
import { Parameters } from './sql/parameters.ts';
import { timeBetween, timeOf } from './sql/times.ts';

/** Stretches of time with more rows are searched as they are. */
const MOST_ROWS = 100_000;

const ALL: TimeBounds = { from: -Infinity, to: Infinity };

/**
 * Between which ids the rows lie that a filter's times leave, both inclusive; `undefined` where that
 * is of no use. In the order of ids PostgreSQL steps back from the newest row until it has a page: for
 * a minute of yesterday it would read all of today, since it does not know that ids rise with times.
 */
export async function idsOfTimes(
	connection: PostgresConnection,
	table: LogTable,
	filter: Filter,
): Promise<{ readonly first: string; readonly last: string } | undefined> {
	const { from, to } = timesOf(filter);
	if (!table.hasTimeIndex || !table.hasId || to === Infinity || from > to) {
		return undefined;
	}
	if (table.columns.ts.isNullable && from <= 0 && to >= 0) {
		return undefined;
	}
	const parameters = new Parameters();
	const inside = timeBetween(table, parameters, from, to);
	// Where the newest row is among them, a page is soon full.
	const isPast = `(SELECT n.ts FROM ${table.sql} n ORDER BY n.id DESC LIMIT 1) > ${timeOf(table, parameters, Math.floor(to))}`;
	const sql = `SELECT min(r.id), max(r.id), count(*) FROM (SELECT t.id FROM ${table.sql} t WHERE ${inside} AND ${isPast} ORDER BY t.ts LIMIT ${MOST_ROWS + 1}) AS r`;
	const [row] = await connection.query(...parameters.bind(sql));
	const [first, last, count] = row ?? [];
	return first && last && Number(count) <= MOST_ROWS ? { first, last } : undefined;
}

/** What a filter surely demands of times. */
function timesOf(filter: Filter): TimeBounds {
	const { since = -Infinity, until = Infinity } = filter;
	const context = queryContextOf(filter, new Map());
	return [filter.query, filter.also]
		.map((text) => (text === undefined ? undefined : parseQuery(text).root))
		.map((root) => (root === undefined ? ALL : boundsOf(root, context)))
		.reduce(both, { from: since, to: until });
}

function boundsOf(node: QueryNode, context: QueryContext): TimeBounds {
	if (node.kind === 'and') {
		return node.parts.map((part) => boundsOf(part, context)).reduce(both, ALL);
	}
	const isTime = node.kind === 'field' && 'column' in node.field && node.field.column === 'ts';
	return isTime && node.test.kind !== 'differs' ? (timeBoundsOf(node.test, context) ?? ALL) : ALL;
}

function both(one: TimeBounds, other: TimeBounds): TimeBounds {
	return { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
}

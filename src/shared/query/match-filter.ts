import { EntryFlag } from '../model/entry.ts';
import { severityOf } from '../model/level.ts';
import { normalizeFilter } from '../model/normalize-filter.ts';
import type { Filter } from '../model/query.ts';
import type { QueryContext } from './ast.ts';
import type { QueryEntry } from './entry-fields.ts';
import { compileQuery } from './match-query.ts';
import type { QueryPredicate } from './match-query.ts';
import { parseQuery } from './parse-query.ts';
import { UTC } from './zone-offset.ts';

const NO_SOURCES: ReadonlyMap<number, string> = new Map();

/**
 * Whether an entry belongs to a filter: the meaning that every storage has to share. The fields of
 * forms are AsyncZ's: exact task id, level exact by name in any case, case-insensitive substring of
 * the message only, both ends of a time range inclusive. `query` and `also` are in the query
 * language. Everything is joined by AND. `sources` has the names of sources by their ids.
 */
export function matchFilter(
	filter: Filter,
	entry: QueryEntry,
	sources: ReadonlyMap<number, string> = NO_SOURCES,
): boolean {
	return compileFilter(filter, sources)(entry);
}

/** `matchFilter` for many entries: what the filter says is worked out once. */
export function compileFilter(
	given: Filter,
	sources: ReadonlyMap<number, string> = NO_SOURCES,
): QueryPredicate {
	const filter = normalizeFilter(given);
	const context = queryContextOf(filter, sources);
	const queries = [filter.query, filter.also]
		.filter((text) => text !== undefined)
		.map((text) => compileQuery(parseQuery(text).root, context));
	return (entry) => matchFields(filter, entry) && queries.every((matches) => matches(entry));
}

/** What the queries of a filter count times from, and know of marks and notes. */
export function queryContextOf(filter: Filter, sources: ReadonlyMap<number, string>): QueryContext {
	return {
		at: filter.at ?? 0,
		zone: filter.zone ?? UTC,
		sources,
		marked: new Set(filter.marked),
		notes: new Map(filter.notes?.map(({ seq, text }) => [seq, text])),
		seenTo: filter.seen_to ?? Infinity,
	};
}

function matchFields(filter: Filter, entry: QueryEntry): boolean {
	const { task_id, level, min_level, q, since, until, source, quarantined } = filter;
	const { up_to, arrived_after } = filter;
	return (
		(task_id === undefined || entry.task_id === task_id) &&
		(level === undefined || entry.level.toUpperCase() === level) &&
		(min_level === undefined || entry.severity >= severityOf(min_level)) &&
		(q === undefined || entry.message.toLowerCase().includes(q.toLowerCase())) &&
		(since === undefined || entry.ts >= since) &&
		(until === undefined || entry.ts <= until) &&
		(source === undefined || entry.source === source) &&
		(quarantined === undefined || quarantined === ((entry.flags & EntryFlag.quarantined) !== 0)) &&
		(up_to === undefined || entry.seq <= up_to) &&
		(arrived_after === undefined || entry.seq > arrived_after)
	);
}

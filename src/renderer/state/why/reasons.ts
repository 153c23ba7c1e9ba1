import type { LogEntry } from '#shared/model/entry.ts';
import type { QueryContext } from '#shared/query/ast.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { explainQuery } from '#shared/query/explain.ts';
import type { Explanation } from '#shared/query/explain.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** What conditions are read from. */
export interface Asking extends Pick<Workspace, 'query' | 'view'> {
	readonly engine: Pick<Workspace['engine'], 'sources'>;
}

/** A condition of what is shown, and whether it is true for an entry. */
export interface Reason {
	readonly key: string;
	/** The condition as the user wrote it, or as it is called. */
	readonly text: string;
	readonly holds: boolean;
	/** What there is to say beside. */
	readonly note?: string;
	/** How to be rid of it. */
	readonly action?: { readonly label: string; readonly run: () => void };
	/** Those it is made of. */
	readonly parts: readonly Reason[];
}

/** All conditions of the view as it is asked for now: of the query, of time, of arrival. */
export function reasonsFor(entry: LogEntry, asking: Asking): readonly Reason[] {
	return [...queryReasons(entry, asking), ...viewReasons(entry, asking)];
}

/** How many entries of the result stand before this one; `undefined` if that is not known. */
export async function placeOf(entry: LogEntry, set: ResultSet): Promise<number | undefined> {
	try {
		return await set.placeOf(entry);
	} catch {
		return undefined; // it is only a help: without it, the conditions are all there is to say
	}
}

function queryReasons(entry: LogEntry, asking: Asking): readonly Reason[] {
	const { query } = asking;
	const { text } = query;
	const toReason = (explained: Explanation): Reason => ({
		key: `${explained.from}-${explained.to}`,
		text: explained.text,
		holds: explained.matches,
		...(explained.joined === 'or' ? { note: 'one of these' } : {}),
		parts: explained.parts.map(toReason),
	});
	return explainQuery(text, entry, contextOf(asking)).map((explained) => ({
		...toReason(explained),
		action: { label: 'Remove', run: () => query.removeClause(explained) },
	}));
}

function contextOf({ query, engine }: Asking): QueryContext {
	return queryContextOf(query.filter, new Map(engine.sources.map(({ id, name }) => [id, name])));
}

function viewReasons(entry: LogEntry, asking: Asking): readonly Reason[] {
	const { query, view } = asking;
	const { since = -Infinity, until = Infinity, arrived_after: after } = query.filter;
	const reasons: Reason[] = [];
	if (query.range.kind !== 'all') {
		reasons.push({
			key: 'range',
			text: 'Time range',
			holds: entry.ts >= since && entry.ts <= until,
			action: { label: 'Remove', run: () => query.setRange({ kind: 'all' }) },
			parts: [],
		});
	}
	if (after !== undefined) {
		reasons.push({
			key: 'arrived',
			text: 'Only what came since',
			holds: entry.seq > after,
			action: { label: 'Remove', run: () => query.setAfter(undefined) },
			parts: [],
		});
	}
	if (entry.seq > view.set.upTo) {
		reasons.push({
			key: 'snapshot',
			text: view.paused
				? 'It was there when the table was paused'
				: 'It was there at the last refresh',
			holds: false,
			action: { label: view.paused ? 'Resume' : 'Refresh', run: () => view.follow() },
			parts: [],
		});
	}
	return reasons;
}

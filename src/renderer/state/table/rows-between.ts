import type { EntryRow } from '#shared/model/entry.ts';
import { MAX_PAGE_ROWS } from '#shared/model/query.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';

/**
 * The rows of a result from one rank up to another one, both among them: those that are here at
 * once, the others as they are fetched. `undefined` if another result has taken its place.
 */
export async function rowsBetween(
	set: ResultSet,
	first: number,
	last: number,
): Promise<readonly EntryRow[] | undefined> {
	const here: EntryRow[] = [];
	for (let rank = first; rank <= last; rank++) {
		const row = set.rowAt(rank);
		if (row === undefined) {
			return fetchBetween(set, first, last);
		}
		here.push(row);
	}
	return here;
}

async function fetchBetween(
	set: ResultSet,
	first: number,
	last: number,
): Promise<readonly EntryRow[] | undefined> {
	const rows: EntryRow[] = [];
	for (let rank = first; rank <= last; rank += MAX_PAGE_ROWS) {
		// As it is now: what came meanwhile stands before all of them.
		const page = await set.rowsOf(set.filter, {
			offset: rank + set.added,
			limit: Math.min(MAX_PAGE_ROWS, last - rank + 1),
		});
		if (page === undefined) {
			return undefined;
		}
		rows.push(...page);
	}
	return rows;
}

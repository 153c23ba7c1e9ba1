import { parseQuery } from '../query/parse-query.ts';
import { needsOf } from '../query/query-needs.ts';
import { UTC } from '../query/zone-offset.ts';
import type { Filter } from './query.ts';

/**
 * The filter in one spelling: what means "any" is gone, text is trimmed and well formed as that of
 * every entry, levels are upper case. Of what queries may depend on only that is kept on which
 * these do, so that the same question asked later is the same filter.
 */
export function normalizeFilter(filter: Filter): Filter {
	const level = filter.level?.trim().toWellFormed().toUpperCase();
	const minLevel = filter.min_level?.trim().toUpperCase();
	const q = filter.q?.trim().toWellFormed();
	const taskId = filter.task_id?.trim().toWellFormed();
	return {
		...(taskId ? { task_id: taskId } : {}),
		...(level ? { level } : {}),
		...(minLevel ? { min_level: minLevel } : {}),
		...(q ? { q } : {}),
		...(filter.since === undefined ? {} : { since: filter.since }),
		...(filter.until === undefined ? {} : { until: filter.until }),
		...(filter.source === undefined ? {} : { source: filter.source }),
		...(filter.quarantined === undefined ? {} : { quarantined: filter.quarantined }),
		...(filter.up_to === undefined ? {} : { up_to: filter.up_to }),
		...(filter.arrived_after === undefined ? {} : { arrived_after: filter.arrived_after }),
		...normalizeQueries(filter),
	};
}

function normalizeQueries(filter: Filter): Filter {
	const query = filter.query?.trim().toWellFormed();
	const also = filter.also?.trim().toWellFormed();
	if (!query && !also) {
		return {};
	}
	const needs = [query, also].map((text) => needsOf(parseQuery(text ?? '').root));
	const hasMarks = needs.some(({ marked }) => marked) && filter.marked !== undefined;
	return {
		...(query ? { query } : {}),
		...(also ? { also } : {}),
		...(needs.some(({ now }) => now) && filter.at !== undefined ? { at: filter.at } : {}),
		...(needs.some(({ zone }) => zone) && filter.zone !== undefined && filter.zone !== UTC
			? { zone: filter.zone }
			: {}),
		...(hasMarks ? { marked: [...new Set(filter.marked)].sort((a, b) => a - b) } : {}),
		...(needs.some(({ notes }) => notes) && filter.notes !== undefined
			? { notes: filter.notes.toSorted((a, b) => a.seq - b.seq) }
			: {}),
		...(needs.some(({ seenTo }) => seenTo) && filter.seen_to !== undefined
			? { seen_to: filter.seen_to }
			: {}),
	};
}

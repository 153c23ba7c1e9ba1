import type { Filter, ShapeQuery } from '#shared/model/query.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import { STORAGE_SOURCE } from '../queryable-entry.ts';

/**
 * Whether entries tell by themselves whether they match, so that a storage can know it: not what is
 * known from those before them, nor what their source is called.
 */
export function isToldBySelf({ query, also, source = STORAGE_SOURCE }: Filter): boolean {
	return (
		source === STORAGE_SOURCE &&
		[query, also].every((text) => {
			const { late, repeat, sources } = needsOf(parseQuery(text ?? '').root);
			return !late && !repeat && !sources;
		})
	);
}

/** Storages know no sources. */
export function ownFilter<T extends Filter>(query: T): T {
	return { ...query, source: undefined };
}

/** The name of the source is looked for afterwards. */
export function ownShape(query: ShapeQuery): ShapeQuery {
	const facets = query.facets?.map((facet) =>
		isSource(facet.field) ? { ...facet, search: undefined } : facet,
	);
	return { ...ownFilter(query), ...(facets === undefined ? {} : { facets }) };
}

/** Whether a field is where an entry comes from. */
export function isSource(field: string): boolean {
	const path = fieldPath(field);
	return 'column' in path && path.column === 'source';
}

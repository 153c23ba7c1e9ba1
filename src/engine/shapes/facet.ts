import type { Facet, ShapeQuery } from '#shared/model/query.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldValues } from '#shared/query/entry-fields.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { topValues } from './top-values.ts';

/** What is asked of a facet. */
export type FacetQuery = NonNullable<ShapeQuery['facets']>[number];

/** What was counted of a field. */
export interface CountedValues {
	readonly values: Iterable<readonly [value: string, count: number]>;
	/** Entries that have no value. */
	readonly missing: number;
	/** Entries of whose values there were too many to be told apart. */
	readonly untold: number;
}

/** The values an entry is counted by at a field, each once: no null, no whole objects and lists. */
export function countedTexts(
	entry: QueryEntry,
	field: FieldPath,
	sources: ReadonlyMap<number, string>,
): ReadonlySet<string> {
	const found = new Set<string>();
	for (const { kind, text } of fieldValues(entry, field, sources)) {
		if (kind !== 'object' && kind !== 'null') {
			found.add(text);
		}
	}
	return found;
}

/** What is told of it, after this share of the entries was looked at. */
export function toldFacet(
	{ field, search = '', limit }: FacetQuery,
	{ values, missing, untold }: CountedValues,
	searched: number,
): Facet {
	const needle = search.toLowerCase();
	const matches = (value: string) => needle === '' || value.toLowerCase().includes(needle);
	const top = topValues(values, { limit, matches });
	const others = top.others + untold;
	return { field, values: top.values, others, missing, complete: searched === 1, searched };
}

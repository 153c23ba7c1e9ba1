import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Facet, Filter, Histogram, Shape, ShapeQuery } from '#shared/model/query.ts';
import { fieldValues } from '#shared/query/entry-fields.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import { compileFilter } from '#shared/query/match-filter.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';

/** A shape asked for again until it is complete. */
export async function shapeOf(storage: SegmentStorage, query: ShapeQuery): Promise<Shape> {
	for (;;) {
		const shape = await storage.shape(query);
		if (shape.complete) {
			return shape;
		}
	}
}

/** Whole objects and lists are no values, nor is null, nor what is too long to be picked. */
export function valuesOf(entry: QueryEntry, field: string): readonly string[] {
	const sources = new Map([1, 2, 3].map((source) => [source, String(source)]));
	const values = fieldValues(entry, fieldPath(field), sources)
		.filter(({ kind }) => kind !== 'object' && kind !== 'null')
		.map(({ text }) => text);
	return [...new Set(values)];
}

/** The entries that a shape is of. */
export function plainMatches(
	rows: readonly QueryEntry[],
	query: ShapeQuery,
): readonly QueryEntry[] {
	const filter = filterOf(query);
	return rows.filter(compileFilter(filter));
}

function filterOf(query: ShapeQuery): Filter {
	const filter = { ...query };
	delete filter.buckets;
	delete filter.facets;
	return filter;
}

/** What a shape has to be, counted entry by entry; of a histogram what it has counted. */
export function plainShape(
	rows: readonly QueryEntry[],
	query: ShapeQuery,
): Omit<Shape, 'histogram'> {
	return {
		matched: plainMatches(rows, query).length,
		searched: 1,
		complete: true,
		facets: (query.facets ?? []).map((facet) => {
			const own: Filter = { ...filterOf(query), query: facet.query ?? query.query };
			return plainFacet(rows.filter(compileFilter(own)), facet);
		}),
	};
}

function plainFacet(
	rows: readonly QueryEntry[],
	{ field, search = '', limit }: NonNullable<ShapeQuery['facets']>[number],
): Facet {
	const counts = new Map<string, number>();
	let missing = 0;
	for (const row of rows) {
		const values = valuesOf(row, field);
		missing += values.length === 0 ? 1 : 0;
		for (const value of values) {
			counts.set(value, (counts.get(value) ?? 0) + 1);
		}
	}
	const found = [...counts]
		.filter(([value]) => value.toLowerCase().includes(search.toLowerCase()))
		.map(([value, count]) => ({ value, count }))
		.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
	return {
		field,
		values: found.slice(0, limit),
		others: Math.max(found.length - limit, 0),
		missing,
		complete: true,
		searched: 1,
	};
}

/** How many of these entries, by severity, fall in each stretch of a histogram. */
export function plainCounts(
	rows: readonly QueryEntry[],
	{ from, width, counts }: Histogram,
): readonly (readonly number[])[] {
	const columns = counts.map(() => SEVERITY_CLASSES.map(() => 0));
	for (const { ts, severity } of rows) {
		const column = columns[Math.floor((ts - from) / width)] ?? [];
		const place = SEVERITY_CLASSES.findLastIndex((least) => severity >= least);
		column[place] = (column[place] ?? 0) + 1;
	}
	return columns;
}

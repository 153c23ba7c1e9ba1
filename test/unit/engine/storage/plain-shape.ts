import type { EntryRow } from '#shared/model/entry.ts';
import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import type { Facet, Filter, Histogram, Shape, ShapeQuery } from '#shared/model/query.ts';
import { matchFilter } from '#shared/query/match-filter.ts';
import type { SegmentStorage } from '#engine/storage/segment-storage.ts';

/** The value of a field that entries have by themselves. */
export type ValueOf = (row: EntryRow, field: string) => readonly string[];

/** A shape asked for again until it is complete. */
export async function shapeOf(storage: SegmentStorage, query: ShapeQuery): Promise<Shape> {
	for (;;) {
		const shape = await storage.shape(query);
		if (shape.complete) {
			return shape;
		}
	}
}

/** Columns as a facet counts by them; a source has no name. */
export function columnOf(row: EntryRow, field: string): readonly string[] {
	const values: Readonly<Record<string, string | undefined>> = {
		level: row.level,
		logger: row.logger === '' ? undefined : row.logger,
		task_id: row.task_id,
		source: String(row.source),
	};
	const value = values[field];
	return value === undefined ? [] : [value];
}

/** The entries that a shape is of. */
export function plainMatches(rows: readonly EntryRow[], query: ShapeQuery): readonly EntryRow[] {
	const filter = filterOf(query);
	return rows.filter((row) => matchFilter(filter, row));
}

function filterOf(query: ShapeQuery): Filter {
	const filter = { ...query };
	delete filter.buckets;
	delete filter.facets;
	return filter;
}

/** What a shape has to be, counted entry by entry; of a histogram what it has counted. */
export function plainShape(
	rows: readonly EntryRow[],
	query: ShapeQuery,
	valueOf: ValueOf = columnOf,
): Omit<Shape, 'histogram'> {
	return {
		matched: plainMatches(rows, query).length,
		searched: 1,
		complete: true,
		facets: (query.facets ?? []).map((facet) => {
			const own: Filter = { ...filterOf(query), query: facet.query ?? query.query };
			return plainFacet(
				rows.filter((row) => matchFilter(own, row)),
				facet,
				valueOf,
			);
		}),
	};
}

function plainFacet(
	rows: readonly EntryRow[],
	{ field, search = '', limit }: NonNullable<ShapeQuery['facets']>[number],
	valueOf: ValueOf,
): Facet {
	const counts = new Map<string, number>();
	let missing = 0;
	for (const row of rows) {
		const values = new Set(valueOf(row, field));
		missing += values.size === 0 ? 1 : 0;
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
	};
}

/** How many of these entries, by severity, fall in each stretch of a histogram. */
export function plainCounts(
	rows: readonly EntryRow[],
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

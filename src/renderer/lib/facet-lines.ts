import type { FacetValue } from '#shared/model/query.ts';
import { severityOf } from '#shared/model/level.ts';
import type { FacetReading } from './facet-reading.ts';

/** A value as it is listed. */
export interface FacetLine {
	readonly value: string;
	/** Unknown where the query names it and it is too rare to be among those that were counted. */
	readonly count: number | undefined;
}

/**
 * The values to list: the most frequent ones up to `limit`, and those that the query chooses or
 * excludes, however rare. Where values are searched for, only what was found.
 */
export function linesOf(
	values: readonly FacetValue[],
	limit: number,
	reading: FacetReading,
	isSearch: boolean,
): readonly FacetLine[] {
	const listed = values.filter(
		({ value }, place) => place < limit || reading.markOf(value) !== undefined,
	);
	if (isSearch) {
		return listed;
	}
	const known = new Set(listed.map(({ value }) => value.toLowerCase()));
	const rare = reading.named.filter((value) => !known.has(value.toLowerCase()));
	return [...listed, ...rare.map((value) => ({ value, count: undefined }))];
}

/** Levels have an order of their own, the most urgent first; it also keeps them in their places. */
export function byUrgency(lines: readonly FacetLine[]): readonly FacetLine[] {
	return lines.toSorted((a, b) => severityOf(b.value) - severityOf(a.value));
}

import type { FacetValue } from '#shared/model/query.ts';

/** The most frequent of some values, those of one count in order; and how many others there are. */
export function topValues(
	counted: Iterable<readonly [value: string, count: number]>,
	{
		limit,
		matches = () => true,
	}: { readonly limit: number; readonly matches?: (value: string) => boolean },
): { readonly values: readonly FacetValue[]; readonly others: number } {
	const top: FacetValue[] = [];
	let others = 0;
	for (const [value, count] of counted) {
		if (!matches(value)) {
			continue;
		}
		const last = top.length < limit ? undefined : top.at(-1);
		if (last !== undefined && !isBefore({ value, count }, last)) {
			others++;
			continue;
		}
		if (last !== undefined) {
			top.pop();
			others++;
		}
		const place = top.findLastIndex((other) => !isBefore({ value, count }, other)) + 1;
		top.splice(place, 0, { value, count });
	}
	return { values: top, others };
}

function isBefore(a: FacetValue, b: FacetValue): boolean {
	return a.count > b.count || (a.count === b.count && a.value < b.value);
}

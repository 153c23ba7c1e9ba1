import type { TimeRange } from '#shared/model/view.ts';
import type { QueryNode, ValueTest } from '#shared/query/ast.ts';
import { readTime } from '#shared/query/time-text.ts';
import { UTC } from '#shared/query/zone-offset.ts';
import { nodesOf } from './query-clauses.ts';

/** A relative result is made anew after a hundredth of its time, but never more often than this. */
const MIN_RENEWAL_MS = 1_000;

const MINUTE_US = 60_000_000;

/** The ends of a range, in microseconds since 1970, at a moment given in the same. */
export function endsOf(
	range: TimeRange,
	at: number,
): { readonly since?: number; readonly until?: number } {
	switch (range.kind) {
		case 'all':
			return {};
		case 'last':
			return { since: at - range.minutes * MINUTE_US };
		case 'between':
			return {
				...(range.since === undefined ? {} : { since: range.since }),
				...(range.until === undefined ? {} : { until: range.until }),
			};
	}
}

/** After how many milliseconds what is asked for means another time; `undefined` for never. */
export function renewalMs(range: TimeRange, root: QueryNode | undefined): number | undefined {
	const spans = [
		...(range.kind === 'last' ? [range.minutes * 60_000] : []),
		...[...nodesOf(root)].flatMap((node) => (node.kind === 'field' ? relativeMs(node.test) : [])),
	];
	return spans.length === 0 ? undefined : Math.max(Math.min(...spans) / 100, MIN_RENEWAL_MS);
}

/** How far the times of a test are from now: `-15m` is 900,000 and `now` is 0; others are not told. */
function relativeMs(test: ValueTest): readonly number[] {
	const values = test.kind === 'range' ? [test.low, test.high] : 'text' in test ? [test.text] : [];
	return values.flatMap((value) => {
		const span = readTime(value ?? '', { at: 0, zone: UTC });
		return span?.relative === true ? [Math.abs(span.from) / 1_000] : [];
	});
}

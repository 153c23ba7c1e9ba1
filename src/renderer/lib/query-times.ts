import type { QueryNode, ValueTest } from '#shared/query/ast.ts';
import type { TimeRange } from '#shared/model/view.ts';
import { readTime } from '#shared/query/time-text.ts';
import { nodesOf } from './query-clauses.ts';

/** What a query's meaning depends on beside its text. */
export interface QueryNeeds {
	/** It names times: the moment and the zone they are meant in have to be told. */
	readonly times: boolean;
	/** It asks for marked entries. */
	readonly marks: boolean;
	/** The shortest time before now that it counts from, in milliseconds; none if it does not. */
	readonly relativeMs: number | undefined;
}

/** A relative result is made anew after a hundredth of its time, but never more often than this. */
const MIN_RENEWAL_MS = 1_000;

const MINUTE_US = 60_000_000;

/** What has to be told with a query. */
export function needsOf(root: QueryNode | undefined): QueryNeeds {
	const nodes = [...nodesOf(root)];
	const relative = nodes.flatMap((node) =>
		node.kind === 'field' ? valuesOf(node.test).map(relativeMs) : [],
	);
	const spans = relative.filter((ms) => ms !== undefined);
	return {
		times: nodes.some((node) => node.kind === 'field' && namesTime(node.field, node.test)),
		marks: nodes.some((node) => node.kind === 'is' && node.state === 'marked'),
		relativeMs: spans.length === 0 ? undefined : Math.min(...spans),
	};
}

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
export function renewalMs(
	range: TimeRange,
	{ relativeMs: spanMs }: QueryNeeds,
): number | undefined {
	const spans = [
		...(range.kind === 'last' ? [range.minutes * 60_000] : []),
		...(spanMs === undefined ? [] : [spanMs]),
	];
	return spans.length === 0 ? undefined : Math.max(Math.min(...spans) / 100, MIN_RENEWAL_MS);
}

function valuesOf(test: ValueTest): readonly string[] {
	switch (test.kind) {
		case 'is':
		case 'equals':
		case 'differs':
		case 'compare':
			return [test.text];
		case 'range':
			return [test.low, test.high].filter((end) => end !== undefined);
		default:
			return [];
	}
}

/** `-15m` is 900,000; `now` is 0; what is no relative time is `undefined`. */
function relativeMs(text: string): number | undefined {
	const span = readTime(text, { at: 0, offsetMinutes: 0 });
	return span?.relative === true ? Math.abs(span.from) / 1_000 : undefined;
}

/** Dates and times of day; any value of the entry's own time. */
function namesTime(field: object, test: ValueTest): boolean {
	const values = valuesOf(test);
	const isTime = 'column' in field && field.column === 'ts';
	return (
		(isTime && values.length > 0) ||
		values.some((text) => readTime(text, { at: 0, offsetMinutes: 0 }) !== undefined)
	);
}

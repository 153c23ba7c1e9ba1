import type { ValueTest } from './ast.ts';
import { readTime } from './time-text.ts';
import type { TimeContext, TimeSpan } from './time-text.ts';

/** Moments in microseconds since 1970; both ends belong to it, either may be infinite. */
export interface TimeBounds {
	readonly from: number;
	readonly to: number;
}

/**
 * The moments for which a test of a time is true; `undefined` if it is no such test, or says what it
 * cannot. `differs` is true outside of them. A day, a minute or a second is meant as a whole:
 * `>2026-07-01` begins with the 2nd of July.
 */
export function timeBoundsOf(test: ValueTest, context: TimeContext): TimeBounds | undefined {
	switch (test.kind) {
		case 'is':
		case 'equals':
		case 'differs':
			return readTime(test.text, context);
		case 'compare': {
			const span = readTime(test.text, context);
			return span && comparedTo(test.op, span);
		}
		case 'range': {
			const low = test.low === undefined ? undefined : readTime(test.low, context);
			const high = test.high === undefined ? undefined : readTime(test.high, context);
			if (
				(low === undefined && test.low !== undefined) ||
				(high === undefined && test.high !== undefined)
			) {
				return undefined;
			}
			const above = low && comparedTo(test.withEnds ? '>=' : '>', low);
			const below = high && comparedTo(test.withEnds ? '<=' : '<', high);
			return { from: above?.from ?? -Infinity, to: below?.to ?? Infinity };
		}
		default:
			return undefined;
	}
}

function comparedTo(op: '<' | '<=' | '>' | '>=', span: TimeSpan): TimeBounds {
	switch (op) {
		case '<':
			return { from: -Infinity, to: span.from - 1 };
		case '<=':
			return { from: -Infinity, to: span.to };
		case '>':
			return { from: span.to + 1, to: Infinity };
		case '>=':
			return { from: span.from, to: Infinity };
	}
}

/** A time with its date, or a number of seconds and the like since 1970, as logs have them. */
const LOGGED_TIME = /^\d{4}-\d\d-\d\d(?:[T ].*)?$|^\d{9,16}(?:\.\d{1,9})?$/;

/** When a value in a log is, in microseconds since 1970; `undefined` if it is no time. */
export function momentOf(text: string, context: TimeContext): number | undefined {
	return text.length <= 40 && LOGGED_TIME.test(text) ? readTime(text, context)?.from : undefined;
}

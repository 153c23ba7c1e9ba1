import { LEVELS, isLevelName } from '../model/level.ts';
import type { FieldPath, QueryPlace, ValueTest } from './ast.ts';
import { nearest } from './nearest.ts';
import { QueryError } from './query-error.ts';
import { readTime } from './time-text.ts';
import { UTC } from './zone-offset.ts';

const ANY_TIME = { at: 0, zone: UTC };

/**
 * Throws a `QueryError` where a value cannot be what its field has: a time, or a level to compare
 * with. Everything else may be looked for.
 */
export function checkValue(
	text: string,
	field: FieldPath,
	test: ValueTest,
	place: QueryPlace,
	clauseFrom: number,
): void {
	if (!('column' in field)) {
		return;
	}
	const instead = (value: string) => text.slice(0, place.from) + value + text.slice(place.to);
	if (field.column === 'level') {
		for (const value of orderedBy(test)) {
			if (!isLevelName(value)) {
				const near = nearest(value, [...LEVELS, 'WARN', 'FATAL', 'TRACE'])?.toLowerCase();
				throw new QueryError(
					`${value} is no level. The levels are ${LEVELS.join(', ')}.`,
					place,
					near === undefined
						? undefined
						: instead(text.slice(place.from, place.to).replace(value, near)),
				);
			}
		}
	}
	if (field.column === 'ts') {
		if (test.kind === 'glob' || test.kind === 'regex') {
			throw new QueryError(
				'A time is compared, it has no pattern: ts:2026-07-01, ts:>-15m.',
				place,
			);
		}
		for (const value of 'text' in test ? [test.text] : orderedBy(test)) {
			const time = readTime(value, ANY_TIME);
			if (time === undefined) {
				throw new QueryError(
					`${value} is no time. Times are written 2026-07-01, 2026-07-01T10:00, -15m or now.`,
					place,
				);
			}
			if (time.relative && test.kind !== 'compare' && test.kind !== 'range') {
				const sign = value.includes('+') || value === 'now' ? '<=' : '>=';
				throw new QueryError(
					`${value} is one moment: say whether before or after it.`,
					place,
					`${text.slice(0, clauseFrom)}ts:${sign}${value}${text.slice(place.to)}`,
				);
			}
		}
	}
}

/** The values that are compared by their order. */
function orderedBy(test: ValueTest): readonly string[] {
	if (test.kind === 'compare') {
		return [test.text];
	}
	return test.kind === 'range' ? [test.low, test.high].filter((end) => end !== undefined) : [];
}

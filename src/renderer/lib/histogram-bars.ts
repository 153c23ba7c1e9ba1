import type { Histogram } from '#shared/model/query.ts';
import { SEVERITY_CLASSES } from '#shared/model/query.ts';
import { formatCountOf } from './format-number.ts';

/** The level by whose name each of `SEVERITY_CLASSES` is known. */
export const CLASS_NAMES = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** No bar is wider, however few there are. */
const MAX_PITCH = 28;

/** From here on there is room for a gap between bars. */
const GAP_PITCH = 3;

/** What there are some of can be seen, and what is urgent even better. */
const MIN_HEIGHTS = [1, 1, 1, 2, 2] as const;

const FIRST_ERROR = SEVERITY_CLASSES.indexOf(40);

/** How wide each bar's place is, in CSS pixels. */
export function barPitch(bars: number, width: number): number {
	return Math.min(width / Math.max(bars, 1), MAX_PITCH);
}

/** Which bar is at this place; at the ends, the one that is nearest. */
export function barAt(x: number, bars: number, width: number): number {
	return Math.min(Math.max(Math.floor(x / barPitch(bars, width)), 0), bars - 1);
}

/** The outline of the bars of each class as the `d` of an SVG path, the classes stacked. */
export function barPaths(histogram: Histogram, width: number, height: number): readonly string[] {
	const { counts } = histogram;
	const pitch = barPitch(counts.length, width);
	const most = Math.max(...counts.map(sum), 1);
	const paths = SEVERITY_CLASSES.map(() => '');
	for (const [bar, column] of counts.entries()) {
		const left = Math.round(bar * pitch);
		const right = Math.round((bar + 1) * pitch) - (pitch >= GAP_PITCH ? 1 : 0);
		let bottom = height;
		for (const [severity, part] of partHeights(column, most, height).entries()) {
			if (part > 0) {
				paths[severity] += `M${left} ${bottom}V${bottom - part}H${right}V${bottom}Z`;
				bottom -= part;
			}
		}
	}
	return paths;
}

/**
 * How high each class of a column is, in whole pixels. The column as a whole goes by the square
 * root, so that a quiet stretch can be seen beside a busy one; a class that has any entry has a
 * pixel or two, at the cost of the largest one.
 */
export function partHeights(
	column: readonly number[],
	most: number,
	height: number,
): readonly number[] {
	const total = sum(column);
	if (total === 0) {
		return column.map(() => 0);
	}
	const least = column.map((count, severity) => (count > 0 ? (MIN_HEIGHTS[severity] ?? 1) : 0));
	const whole = Math.min(
		Math.max(Math.round(Math.sqrt(total / most) * height), sum(least)),
		height,
	);
	const parts = column.map((count, severity) =>
		Math.max(Math.round((count / total) * whole), least[severity] ?? 0),
	);
	const largest = column.indexOf(Math.max(...column));
	const others = sum(parts) - (parts[largest] ?? 0);
	return parts.map((part, severity) => (severity === largest ? Math.max(whole - others, 1) : part));
}

/** The stretch of some bars, both ends belonging to it, in microseconds since 1970. */
export function spanOfBars(
	{ from, width }: Histogram,
	first: number,
	last: number,
): { readonly since: number; readonly until: number } {
	return { since: from + first * width, until: from + (last + 1) * width - 1 };
}

/** `12 entries, 3 errors`: what some bars hold. */
export function barsText({ counts }: Histogram, first: number, last: number): string {
	const columns = counts.slice(first, last + 1);
	const errors = sum(columns.map((column) => sum(column.slice(FIRST_ERROR))));
	const entries = formatCountOf(sum(columns.map(sum)), 'entry', 'entries');
	return errors === 0 ? entries : `${entries}, ${formatCountOf(errors, 'error', 'errors')}`;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, value) => total + value, 0);
}

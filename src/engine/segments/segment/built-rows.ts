import type { BuiltRows } from './row-builder.ts';

/** Where the text of a built row begins. */
export function startOf(built: BuiltRows, row: number): number {
	return row === 0 ? built.before : (built.columns.end[row - 1] ?? 0);
}

/** How many rows the line has that begins with a row: they stay together. */
export function rowsOfLine({ columns, count }: BuiltRows, row: number): number {
	let to = row + 1;
	while (to < count && (columns.part[to] ?? 0) > 0) {
		to++;
	}
	return to - row;
}

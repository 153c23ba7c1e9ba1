/** Room beside the text of a cell, and the least there has to be for a head. */
const PADDING = 14;

/** Wider than this a column is not made by itself. */
const MOST = 640;

/** Says how wide a column has to be for what is in view; nothing where it shows nothing. */
export function fitColumn(
	header: HTMLElement | undefined,
	index: number,
	resize: (width: number) => void,
): void {
	const rows = header?.closest('[role=grid]')?.querySelectorAll('[role=row]') ?? [];
	const cells = [...rows].map((row) => {
		const cell = row.querySelectorAll('[role=columnheader] .title, [role=gridcell]')[index];
		return cell?.hasAttribute('aria-colspan') === true ? undefined : cell;
	});
	const range = document.createRange();
	let widest = 0;
	for (const cell of cells) {
		if (cell !== undefined) {
			range.selectNodeContents(cell);
			widest = Math.max(widest, range.getBoundingClientRect().width);
		}
	}
	if (widest > 0) {
		resize(Math.min(Math.ceil(widest) + PADDING, MOST));
	}
}

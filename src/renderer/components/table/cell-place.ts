/** A cell of the table, by the rank of its row and its place among the columns. */
export interface CellPlace {
	readonly rank: number;
	/** -1 beside all cells. */
	readonly index: number;
	readonly element: Element;
}

/** The cell that was clicked; `undefined` outside of the rows. */
export function cellPlace(target: EventTarget | null): CellPlace | undefined {
	const row = target instanceof Element ? target.closest('[role=row]') : null;
	const rank = /^row(-?\d+)$/.exec(row?.id ?? '')?.[1];
	if (row === null || rank === undefined || !(target instanceof Element)) {
		return undefined;
	}
	const cell = target.closest('[role=gridcell]');
	// A cell over several columns stands for the message, which is not one of them here.
	const index =
		cell === null || cell.hasAttribute('aria-colspan')
			? -1
			: [...row.querySelectorAll('[role=gridcell]')].indexOf(cell);
	return { rank: Number(rank), index, element: cell ?? row };
}

/** Scrolls the table sideways by as much as a column needs to be seen. */
export function scrollToColumn(
	table: HTMLElement,
	{ start, end }: { readonly start: number; readonly end: number },
): void {
	const { scrollLeft, clientWidth } = table;
	if (start < scrollLeft) {
		table.scrollLeft = start;
	} else if (end > scrollLeft + clientWidth) {
		table.scrollLeft = Math.min(end - clientWidth, start);
	}
}

/**
 * The arithmetic of a table whose rows all have one height. The truth is the row at the top of
 * the viewport, a number with a fraction; the scroll bar is only mapped from it. So a row can be
 * reached exactly however many there are, although Chromium ends elements at 33 million pixels.
 */

/** The tallest content the scroll bar is given; what is longer is scrolled in proportion. */
export const MAX_CONTENT_PX = 8_000_000;

/**
 * What is shown of what: `rows` in all, `viewRows` (with a fraction) fit into the viewport; each is
 * `rowHeight` CSS pixels high.
 */
export interface Extent {
	readonly rows: number;
	readonly viewRows: number;
	readonly rowHeight: number;
}

/** Height of the scrolled content in pixels. */
export function contentHeight({ rows, rowHeight }: Extent): number {
	return Math.min(rows * rowHeight, MAX_CONTENT_PX);
}

/** The greatest row that can be at the top: the last row then ends with the viewport. */
export function lastTop({ rows, viewRows }: Pick<Extent, 'rows' | 'viewRows'>): number {
	return Math.max(rows - viewRows, 0);
}

/** A wished-for top row, brought into the range there is. */
export function clampTop(top: number, extent: Extent): number {
	return Math.min(Math.max(top, 0), lastTop(extent));
}

/** Where the scroll bar stands when row `top` is at the top. */
export function scrollTopOf(top: number, extent: Extent): number {
	return clampTop(top, extent) * pixelsPerRow(extent);
}

/** Which row is at the top when the scroll bar was moved to `scrollTop`. */
export function topOfScroll(scrollTop: number, extent: Extent): number {
	const scale = pixelsPerRow(extent);
	return scale === 0 ? 0 : clampTop(scrollTop / scale, extent);
}

/** Row height as the scroll bar counts it: less than the real one where the content is capped. */
function pixelsPerRow(extent: Extent): number {
	const range = lastTop(extent);
	const pixels = contentHeight(extent) - extent.viewRows * extent.rowHeight;
	return range === 0 ? 0 : Math.max(pixels, 0) / range;
}

/** The least change of `top` that brings `row` wholly into view. */
export function topThatShows(row: number, top: number, extent: Extent): number {
	if (row < top) {
		return clampTop(row, extent);
	}
	const end = row + 1;
	return clampTop(end > top + extent.viewRows ? end - extent.viewRows : top, extent);
}

/** How many row elements are needed so that none is missing at any fraction of a row. */
export function slotCount(viewRows: number): number {
	return Math.ceil(viewRows) + 1;
}

/**
 * The row that a slot shows: the one of `first … first + slots - 1` that is congruent to it.
 * Scrolling by one row thus changes the content of one element and leaves the others alone.
 */
export function rowOfSlot(slot: number, first: number, slots: number): number {
	const offset = (slot - first) % slots;
	return first + (offset < 0 ? offset + slots : offset);
}

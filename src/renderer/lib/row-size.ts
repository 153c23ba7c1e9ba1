import type { Density, Settings } from '#shared/model/settings.ts';

/** How high a row of the table is, in CSS pixels: all rows are. */
export interface RowSize {
	readonly rowHeight: number;
	/** Of one line of text in it. */
	readonly lineHeight: number;
	/** Lines of a message that have room in it. */
	readonly lines: number;
}

const LINE_HEIGHTS: Readonly<Record<Density, number>> = { compact: 18, normal: 22, roomy: 30 };

/** Lines of a wrapped message are nearer to each other than rows are. */
const WRAPPED_HEIGHTS: Readonly<Record<Density, number>> = { compact: 16, normal: 17, roomy: 19 };
const WRAPPED_LINES = 3;

/** The size of rows as the settings say. */
export function rowSizeOf({ density, wrap }: Pick<Settings, 'density' | 'wrap'>): RowSize {
	if (!wrap) {
		const height = LINE_HEIGHTS[density];
		return { rowHeight: height, lineHeight: height, lines: 1 };
	}
	const lineHeight = WRAPPED_HEIGHTS[density];
	const room = LINE_HEIGHTS[density] - lineHeight;
	return { rowHeight: WRAPPED_LINES * lineHeight + room, lineHeight, lines: WRAPPED_LINES };
}

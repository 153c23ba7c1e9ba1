import type { EntryRow } from '#shared/model/entry.ts';
import type { LiveEdge } from './live-edge.svelte.ts';
import type { StepView } from './next-step.ts';
import type { Viewport } from './viewport.svelte.ts';

/** Rows fetched beyond the viewport when new ones appear in it. */
const EDGE_MARGIN = 20;

/** The view that moves forward. */
export interface SteppedView {
	readonly edge: LiveEdge;
	readonly viewport: Viewport;
	/** Another result is waited for: this one takes nothing in any more. */
	readonly replacing: boolean;
	/** The row that was chosen, and what is done when its rank has become so much less. */
	readonly chosenRow: () => EntryRow | undefined;
	readonly onShift: (by: number) => void;
	rowAt(rank: number): EntryRow | undefined;
}

/** What a step has to know of a view, as it is when it is asked. */
export function stepView(view: SteppedView): StepView {
	const { edge, viewport } = view;
	const edgeRows = Math.ceil(viewport.viewRows) + EDGE_MARGIN;
	const anchor = () => view.rowAt(Math.floor(viewport.topRank));
	return {
		edgeRows: () => {
			if (view.replacing) {
				return undefined;
			}
			return edge.following ? edgeRows : 0;
		},
		range: () => {
			const { topRank, viewRows } = viewport;
			return { start: Math.floor(topRank), end: Math.ceil(topRank + viewRows) };
		},
		held: () => {
			const rows = edge.following ? [view.chosenRow()] : [anchor(), view.chosenRow()];
			return rows.filter((row) => row !== undefined);
		},
		moved: (shiftOf) => {
			viewport.topRank -= edge.following ? 0 : shiftOf(anchor());
			view.onShift(shiftOf(view.chosenRow()));
		},
	};
}

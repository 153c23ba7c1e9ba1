import type { Settings } from '#shared/model/settings.ts';
import type { TimeRange } from '#shared/model/view.ts';
import type { Moment } from '../result/live-edge.svelte.ts';
import type { HistoryOf } from './view-history.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** What of a view is a step of its history when it changes. */
export interface ViewState {
	readonly text: string;
	readonly range: TimeRange;
	readonly after: Moment | undefined;
	readonly limit: Settings['limit'];
	readonly order: Settings['order'];
	readonly columns: Settings['columns'];
}

/** The settings among it. */
export const VIEW_SETTINGS = ['limit', 'order', 'columns'] as const;

/** The view of a workspace, to be read and brought back. */
export function viewStateOf(workspace: Workspace): HistoryOf<ViewState> {
	return {
		read: () => {
			const { query, settings } = workspace;
			const { limit, order, columns } = settings;
			const { text, range, after } = query;
			return { text, range, after, limit, order, columns };
		},
		apply: ({ text, range, after, limit, order, columns }) => {
			workspace.query.change({ text, range, after });
			workspace.view.setLimit(limit);
			workspace.changeSettings({ limit, order, columns });
		},
	};
}

import * as v from 'valibot';
import { settingsSchema } from '#shared/model/settings.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import type { TimeRange } from '#shared/model/view.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { Moment } from '../result/live-edge.svelte.ts';
import type { QueryState } from './query-state.svelte.ts';
import type { HistoryOf } from './view-history.svelte.ts';

/** The settings that say what the window shows of the log, and how. */
export const VIEW_SETTINGS = [
	'limit',
	'order',
	'refresh',
	'columns',
	'column_widths',
	'facets',
	'histogram',
	'newest',
	'time_zone',
	'precision',
	'density',
	'wrap',
	'zebra',
] as const;

const viewSettings = v.pick(settingsSchema, VIEW_SETTINGS);

/** What of a view is a step of its history when it changes. A pause is for now, and is none. */
export interface ViewState {
	readonly text: string;
	readonly range: TimeRange;
	readonly after: Moment | undefined;
	readonly settings: v.InferOutput<typeof viewSettings>;
}

/** What a view is read of, and brought back to. */
export interface ViewHolder {
	readonly query: Pick<QueryState, 'text' | 'range' | 'after' | 'change'>;
	readonly view: Pick<LogView, 'paused' | 'setLimit' | 'setRefresh'>;
	readonly settings: Settings;
	changeSettings(change: SettingsChange): void;
}

/** The view of a workspace, to be read and brought back. */
export function viewStateOf(holder: ViewHolder): HistoryOf<ViewState> {
	return {
		read: () => {
			const { text, range, after } = holder.query;
			return { text, range, after, settings: v.parse(viewSettings, holder.settings) };
		},
		apply: ({ text, range, after, settings }) => {
			const { view } = holder;
			holder.query.change({ text, range, after });
			view.setLimit(settings.limit);
			if (!view.paused) {
				view.setRefresh(settings.refresh);
			}
			holder.changeSettings(settings);
		},
	};
}

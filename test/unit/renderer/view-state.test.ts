import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { QueryState } from '../../../src/renderer/state/query/query-state.svelte.ts';
import { ViewHistory } from '../../../src/renderer/state/query/view-history.svelte.ts';
import { viewStateOf } from '../../../src/renderer/state/query/view-state.ts';
import type { ViewHolder, ViewState } from '../../../src/renderer/state/query/view-state.ts';
import { ViewInTest } from './support/view-in-test.ts';

/** What of a workspace is its view. */
class Holder implements ViewHolder {
	settings: Settings = DEFAULT_SETTINGS;
	readonly t = new ViewInTest();
	readonly view = this.t.view;
	readonly query = new QueryState(
		this.view,
		this.t.clock,
		{ getItem: () => null, setItem: () => {} },
		() => ({ zone: 'UTC', marked: [], notes: [], seenTo: undefined }),
	);

	changeSettings(change: SettingsChange): void {
		this.settings = { ...this.settings, ...change } as Settings;
	}
}

let holder: Holder;
let history: ViewHistory<ViewState>;

beforeEach(() => {
	holder = new Holder();
	history = new ViewHistory(viewStateOf(holder), holder.t.clock);
});

test.each<SettingsChange>([
	{ columns: ['message'] },
	{ columns: ['message'], column_widths: {} },
	{ column_widths: { task: 300 } },
	{ facets: ['user.id'] },
	{ limit: 0 },
	{ order: 'time' },
	{ refresh: '10s' },
	{ time_zone: 'utc' },
	{ histogram: false },
	{ newest: 'bottom' },
	{ precision: 6, density: 'roomy', wrap: true, zebra: true },
])('what %j has changed is brought back as a whole', (change) => {
	holder.changeSettings({ column_widths: { level: 90 } });
	history.rebase();
	const before = holder.settings;
	holder.changeSettings(change);
	history.changed('step');
	expect(history.undo()).toBe(true);
	expect(holder.settings).toEqual(before);
	expect(history.redo()).toBe(true);
	expect(holder.settings).toEqual({ ...before, ...change });
});

test('the table refreshes as it did, and a pause stays one', () => {
	holder.view.setRefresh('10s');
	holder.changeSettings({ refresh: '10s' });
	history.changed('step');
	history.undo();
	expect(holder.view.refresh).toBe('live');
	holder.view.togglePause();
	holder.query.set('a');
	history.changed('step');
	history.undo();
	expect([holder.query.text, holder.view.paused]).toEqual(['', true]);
});

test('the theme and the marks are no part of it', () => {
	holder.changeSettings({ theme: 'dark', marks: [{ seq: 1, ts: 1 }] });
	history.changed('step');
	expect(history.canUndo).toBe(false);
});

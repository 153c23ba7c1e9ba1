import type { Clock } from '../../lib/clock.ts';
import { Highlight } from './highlight.svelte.ts';
import { Marks } from './marks.svelte.ts';
import { PinnedRows } from './pinned-rows.svelte.ts';
import { RowFinder } from './row-finder.ts';
import { querySettingsOf } from '../query/query-settings.ts';
import { Runs } from './runs.ts';
import { SavedViews } from '../query/saved-views.svelte.ts';
import { Ticks } from './ticks.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** What helps to read the rows: ways to find one again, to see more of it, to come back. */
export class RowTools {
	readonly finder: RowFinder;
	readonly marks: Marks;
	readonly highlight: Highlight;
	readonly pinned: PinnedRows;
	readonly runs: Runs;
	readonly views: SavedViews;
	/** Where marked entries are, and highlighted ones. */
	readonly ticks: { readonly marks: Ticks; readonly highlight: Ticks };

	constructor(workspace: Workspace, clock: Clock) {
		const { view, cursor, query, notices, services } = workspace;
		const { engine } = services;
		this.finder = new RowFinder(view, cursor);
		this.finder.onLifted = () =>
			notices.remark('It is beyond the limit of rows: the limit was lifted.');
		this.marks = new Marks(workspace, engine, notices, clock);
		this.highlight = new Highlight(engine, view, cursor, this.finder, clock, () =>
			querySettingsOf(workspace),
		);
		this.pinned = new PinnedRows(engine);
		this.runs = new Runs(engine, cursor, this.finder, query, notices);
		this.views = new SavedViews(workspace);
		this.ticks = {
			marks: new Ticks(engine, view, clock, () => this.marks.what),
			highlight: new Ticks(engine, view, clock, () => this.highlight.what),
		};
	}
}

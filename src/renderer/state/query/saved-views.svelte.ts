import type { SavedView } from '#shared/model/view.ts';
import { DEFAULT_COLUMNS } from '#shared/model/view.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { Notices } from '../notices.svelte.ts';
import type { QueryState } from './query-state.svelte.ts';

/** The most views that can be saved. */
const MAX_VIEWS = 100;

/** What a view is made of, and where views are kept. */
export interface ViewKeeper {
	readonly settings: Pick<Settings, 'views' | 'columns' | 'order'>;
	readonly query: Pick<QueryState, 'text' | 'range' | 'change'>;
	readonly view: Pick<LogView, 'refresh' | 'setRefresh'>;
	readonly notices: Pick<Notices, 'remark'>;
	readonly history: { together(change: () => void): void };
	changeSettings(change: SettingsChange): void;
}

/** A view without its name. */
type Shown = Omit<SavedView, 'name'>;

/** Views that were given a name, to come back to. */
export class SavedViews {
	/** The view that was opened or saved last. */
	#active: string | undefined = $state();
	readonly #keeper: ViewKeeper;

	constructor(keeper: ViewKeeper) {
		this.#keeper = keeper;
	}

	/** In the order of their keys 1 to 9. */
	get list(): readonly SavedView[] {
		return this.#keeper.settings.views;
	}

	/** The view that is shown, perhaps with changes: the one opened last, else one that is alike. */
	get active(): SavedView | undefined {
		return (
			this.list.find(({ name }) => name === this.#active) ??
			this.list.find((view) => isAlike(view, this.#shown))
		);
	}

	/** Something about the active view is another way now than it was saved. */
	get isChanged(): boolean {
		const { active } = this;
		return active !== undefined && !isAlike(active, this.#shown);
	}

	get #shown(): Shown {
		const { query, settings, view } = this.#keeper;
		return {
			query: query.text,
			range: query.range,
			columns: [...settings.columns],
			refresh: view.refresh,
			order: settings.order,
		};
	}

	/** Whether there is a view of this name. */
	has(name: string): boolean {
		return this.list.some((view) => view.name === name.trim());
	}

	/** Shows a view: counted from 0. Says so where there is none. */
	open(index: number): void {
		const view = this.list[index];
		if (view === undefined) {
			this.#keeper.notices.remark(`No view is saved on ${index + 1}.`);
			return;
		}
		this.#active = view.name;
		this.#show(view);
	}

	/** Shows everything there is, in the columns of the beginning. */
	openDefault(): void {
		this.#active = undefined;
		const { refresh, order } = DEFAULT_SETTINGS;
		this.#show({
			query: '',
			range: { kind: 'all' },
			columns: [...DEFAULT_COLUMNS],
			refresh,
			order,
		});
	}

	/** Keeps what is shown under a name; a view of that name is replaced. Says where it is then. */
	save(name: string): void {
		const view: SavedView = { name: name.trim(), ...this.#shown };
		const index = this.list.findIndex((other) => other.name === view.name);
		if (index < 0 && this.list.length >= MAX_VIEWS) {
			this.#keeper.notices.remark(`There are ${MAX_VIEWS} views already. Delete one first.`);
			return;
		}
		this.#active = view.name;
		const views = index < 0 ? [...this.list, view] : this.list.with(index, view);
		this.#keeper.changeSettings({ views });
		const place = index < 0 ? views.length : index + 1;
		this.#keeper.notices.remark(
			place <= 9 ? `Saved the view. Its key is ${place}.` : 'Saved the view.',
		);
	}

	/** Gives a view another name; a view that had that name already goes. */
	rename(index: number, name: string): void {
		const view = this.list[index];
		if (view !== undefined) {
			const renamed = { ...view, name: name.trim() };
			this.#active = this.#active === view.name ? renamed.name : this.#active;
			const views = this.list
				.with(index, renamed)
				.filter((other) => other === renamed || other.name !== renamed.name);
			this.#keeper.changeSettings({ views });
		}
	}

	remove(index: number): void {
		this.#keeper.changeSettings({ views: this.list.filter((_, other) => other !== index) });
	}

	/** Moves a view to another place, counted from 0, and with it its key. */
	move(from: number, to: number): void {
		const view = this.list[from];
		if (view !== undefined && to >= 0 && to < this.list.length && from !== to) {
			const views = this.list.filter((other) => other !== view);
			this.#keeper.changeSettings({ views: [...views.slice(0, to), view, ...views.slice(to)] });
		}
	}

	#show({ query: text, range, columns, refresh, order }: Shown): void {
		const { query, view, history } = this.#keeper;
		history.together(() => {
			query.change({ text, range });
			this.#keeper.changeSettings({
				columns,
				order,
				// A pause is for now: an app that starts paused would seem to be broken.
				...(refresh === 'paused' ? {} : { refresh }),
			});
			view.setRefresh(refresh);
		});
	}
}

function isAlike(a: Shown, b: Shown): boolean {
	return written(a) === written(b);
}

function written({ query, range, columns, refresh, order }: Shown): string {
	return JSON.stringify([query.trim(), Object.entries(range).sort(), columns, refresh, order]);
}

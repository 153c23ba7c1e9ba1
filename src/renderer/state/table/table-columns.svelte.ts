import type { StorageKind } from '#shared/model/storage.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { COLUMN_IDS, DEFAULT_COLUMNS, RUN_FIELD } from '#shared/model/view.ts';
import type { ColumnId } from '#shared/model/view.ts';
import { ColumnWidths } from './column-widths.svelte.ts';

/** A column as the table shows it. */
export interface Column {
	readonly id: ColumnId;
	readonly title: string;
	/** It shows a field, not what every entry has. */
	readonly isField: boolean;
}

/** What the columns need of the workspace. */
export interface ColumnHost {
	readonly settings: Settings;
	readonly engine: {
		readonly sources: readonly unknown[];
		readonly storage: { readonly kind: StorageKind };
	};
	changeSettings(change: SettingsChange): void;
}

/** More columns than this are refused: the settings have no room for them. */
export const MAX_COLUMNS = 50;

const TITLES: ReadonlyMap<ColumnId, string> = new Map([
	['time', 'Time'],
	['delta', 'Delta'],
	['level', 'Level'],
	['task', 'Task'],
	['logger', 'Logger'],
	['source', 'Source'],
	['message', 'Message'],
	[RUN_FIELD, 'Run'],
]);

/** Where a column has its place at first; other fields stand before the message. */
const PLACES: readonly ColumnId[] = COLUMN_IDS.flatMap((id) =>
	id === 'logger' ? [RUN_FIELD, id] : [id],
);

/** Which columns there are, in which order, and how wide: kept in the settings. */
export class TableColumns {
	readonly widths: ColumnWidths;
	readonly #host: ColumnHost;
	/** An entry that names its run was in view. It is no setting: other logs may have none. */
	#hasRuns = $state(false);
	readonly #list = $derived.by(() => this.#visible());
	/** By value: settings change for many reasons, and other fields have all rows fetched anew. */
	readonly #fieldKey = $derived(JSON.stringify(this.#all.filter(isField)));
	readonly #fields = $derived(JSON.parse(this.#fieldKey) as readonly string[]);

	constructor(host: ColumnHost) {
		this.#host = host;
		this.widths = new ColumnWidths(host, () => this.#list);
	}

	/** Those that are shown, from the left. */
	get list(): readonly Column[] {
		return this.#list;
	}

	/** The names of the fields that rows have to tell, from the left. */
	get fields(): readonly string[] {
		return this.#fields;
	}

	/** Whether the run of entries is wanted, and none was in view yet that names one. */
	get awaitsRuns(): boolean {
		return !this.#hasRuns && this.has(RUN_FIELD);
	}

	/** There are entries that name their run. */
	foundRun(): void {
		this.#hasRuns = true;
	}

	/**
	 * Whether it is among the columns, be it shown or not (`source` where there is only one, the run
	 * where no entry names one).
	 */
	has(id: ColumnId): boolean {
		return this.#all.includes(id);
	}

	/** Adds a column at the place where it is looked for. `false` if there is no room for more. */
	show(id: ColumnId): boolean {
		this.#hasRuns ||= id === RUN_FIELD;
		if (this.has(id)) {
			return true;
		}
		if (this.#all.length >= MAX_COLUMNS) {
			return false;
		}
		this.place(id, this.#placeAtFirst(id));
		return true;
	}

	/** Takes a column away, but for the last one. */
	hide(id: ColumnId): void {
		if (this.#list.some((column) => column.id !== id)) {
			this.#keep(this.#all.filter((other) => other !== id));
		}
	}

	/** Moves a column so many places to the right (the left, if negative); `false` at the end. */
	move(id: ColumnId, places: 1 | -1): boolean {
		const index = this.#list.findIndex((column) => column.id === id);
		if (index === -1 || this.#list[index + places] === undefined) {
			return false;
		}
		this.place(id, this.#list[places === 1 ? index + 2 : index - 1]?.id);
		return true;
	}

	/** Puts a column before another one, or at the end. */
	place(id: ColumnId, before: ColumnId | undefined): void {
		if (id === before) {
			return;
		}
		const ids = this.#all.filter((other) => other !== id);
		const index = before === undefined ? -1 : ids.indexOf(before);
		this.#keep(ids.toSpliced(index === -1 ? ids.length : index, 0, id));
	}

	/** The columns there are at first, as wide as they are then. */
	reset(): void {
		this.#host.changeSettings({ columns: [...DEFAULT_COLUMNS], column_widths: {} });
	}

	/** Without doubles: settings can be written by hand. */
	get #all(): readonly ColumnId[] {
		return [...new Set(this.#host.settings.columns)];
	}

	#visible(): readonly Column[] {
		const { sources, storage } = this.#host.engine;
		const hasSources = sources.length > 1 && storage.kind === 'sqlite';
		const shown = this.#all.filter(
			(id) => (id !== 'source' || hasSources) && (id !== RUN_FIELD || this.#hasRuns),
		);
		// A table without any column could not even be given one.
		const ids = shown.length === 0 ? (['message'] as const) : shown;
		return ids.map((id) => ({ id, title: titleOf(id), isField: isField(id) }));
	}

	#placeAtFirst(id: ColumnId): ColumnId | undefined {
		const all = this.#all;
		return PLACES.includes(id)
			? PLACES.slice(PLACES.indexOf(id) + 1).find((other) => all.includes(other))
			: all.at(-1) === 'message'
				? 'message'
				: undefined;
	}

	#keep(columns: readonly ColumnId[]): void {
		if (columns.join('\n') !== this.#all.join('\n')) {
			this.#host.changeSettings({ columns: [...columns] });
		}
	}
}

/** What stands at the head of a column. */
export function titleOf(id: ColumnId): string {
	return TITLES.get(id) ?? id;
}

/** Whether the column of this id shows a field. */
export function isField(id: ColumnId): boolean {
	return !COLUMN_IDS.some((known) => known === id);
}

import type { ColumnId } from '#shared/model/view.ts';
import type { Workspace } from './workspace.svelte.ts';

/** A column as the table shows it. */
export interface Column {
	readonly id: ColumnId;
	readonly title: string;
}

const TITLES: Readonly<Record<string, string>> = {
	time: 'Time',
	level: 'Level',
	task: 'Task',
	logger: 'Logger',
	source: 'Source',
	message: 'Message',
};

const WIDTHS: Readonly<Record<string, number>> = {
	time: 112,
	level: 80,
	task: 130,
	logger: 180,
	source: 140,
	message: 240,
};

const OTHER_WIDTH = 140;

/** Which columns give way, in this order and down to this width, where the message has no room. */
const GIVING_WAY: readonly (readonly [ColumnId, number])[] = [
	['logger', 72],
	['source', 72],
	['task', 72],
];

/** Past that, the message is cut rather than the table scrolled sideways, down to this. */
const MIN_MESSAGE = 140;

/** The time column when it has to show dates, too. */
const DATED_TIME_WIDTH = 190;

/** The stripe in the level's colour, at the left of every row. */
const STRIPE = 3;

export const MIN_WIDTH = 40;
export const MAX_WIDTH = 2_000;

/** Which columns there are, and how wide. Widths chosen by the user are kept in the settings. */
export class TableColumns {
	/** Rows of other days are in view: their time has a date. */
	readonly #isDated: () => boolean;
	/** The width of the table, in pixels. */
	tableWidth = $state(Infinity);
	readonly #workspace: Workspace;
	/** The width a border is being dragged to. */
	#dragged: { readonly id: ColumnId; readonly width: number } | undefined = $state.raw();

	/** The widths of all columns: as the user chose them, else as there is room. */
	readonly #widths = $derived.by(() => this.#computeWidths());

	constructor(workspace: Workspace, isDated: () => boolean) {
		this.#workspace = workspace;
		this.#isDated = isDated;
	}

	/** In their order; the last one takes the room that is left. */
	get list(): readonly Column[] {
		const hasSources = this.#workspace.engine.sources.length > 1;
		const ids: readonly ColumnId[] = hasSources
			? ['time', 'level', 'task', 'logger', 'source', 'message']
			: ['time', 'level', 'task', 'logger', 'message'];
		return ids.map((id) => ({ id, title: TITLES[id] ?? id }));
	}

	width(id: ColumnId): number {
		return this.#widths.get(id) ?? WIDTHS[id] ?? OTHER_WIDTH;
	}

	/** The `grid-template-columns` of header and rows. */
	get template(): string {
		return this.list
			.map(({ id }) => (id === 'message' ? `minmax(${MIN_MESSAGE}px, 1fr)` : `${this.width(id)}px`))
			.join(' ');
	}

	/** The least width of a row before the table scrolls sideways. */
	get minWidth(): number {
		const others = this.list.filter(({ id }) => id !== 'message');
		return others.reduce((sum, { id }) => sum + this.width(id), STRIPE + MIN_MESSAGE);
	}

	/** Shows a width without keeping it yet. */
	drag(id: ColumnId, width: number): void {
		this.#dragged = { id, width: clampWidth(width) };
	}

	/** Keeps a width; `undefined` for the one it has at first. */
	resize(id: ColumnId, width: number | undefined): void {
		this.#dragged = undefined;
		const { [id]: _before, ...others } = this.#workspace.settings.column_widths;
		const column_widths = width === undefined ? others : { ...others, [id]: clampWidth(width) };
		this.#workspace.changeSettings({ column_widths });
	}

	#computeWidths(): ReadonlyMap<ColumnId, number> {
		const chosen = this.#workspace.settings.column_widths;
		const widths = new Map<ColumnId, number>();
		for (const { id } of this.list) {
			widths.set(id, chosen[id] ?? this.#widthAtFirst(id));
		}
		let excess = [...widths.values()].reduce((sum, width) => sum + width, STRIPE) - this.tableWidth;
		for (const [id, least] of GIVING_WAY) {
			const width = widths.get(id);
			if (width !== undefined && chosen[id] === undefined && excess > 0) {
				const given = Math.min(excess, Math.max(width - least, 0));
				widths.set(id, Math.floor(width - given));
				excess -= given;
			}
		}
		// A narrow table beside the details, which have these, too.
		for (const [id] of GIVING_WAY) {
			if (excess > (WIDTHS['message'] ?? OTHER_WIDTH) - MIN_MESSAGE && chosen[id] === undefined) {
				excess -= widths.get(id) ?? 0;
				widths.set(id, 0);
			}
		}
		if (this.#dragged !== undefined) {
			widths.set(this.#dragged.id, this.#dragged.width);
		}
		return widths;
	}

	#widthAtFirst(id: ColumnId): number {
		return id === 'time' && this.#isDated() ? DATED_TIME_WIDTH : (WIDTHS[id] ?? OTHER_WIDTH);
	}
}

function clampWidth(width: number): number {
	return Math.round(Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH));
}

import type { Precision } from '#shared/model/settings.ts';
import { RUN_FIELD } from '#shared/model/view.ts';
import type { ColumnId } from '#shared/model/view.ts';
import type { ColumnHost } from './table-columns.svelte.ts';

const WIDTHS: ReadonlyMap<ColumnId, number> = new Map([
	['delta', 104],
	['level', 80],
	['task', 130],
	[RUN_FIELD, 98],
	['logger', 180],
	['source', 140],
	['message', 240],
]);

const OTHER_WIDTH = 140;

/** The time column, by the digits of a second that it shows. */
const TIME_WIDTHS: Readonly<Record<Precision, number>> = { 0: 82, 3: 112, 6: 136 };

/** What it needs in addition when it has to show dates. */
const DATE_WIDTH = 78;

/** Which columns give way, in this order and down to this width, where the message has no room. */
const GIVING_WAY: readonly (readonly [ColumnId, number])[] = [
	[RUN_FIELD, 72],
	['logger', 72],
	['source', 72],
	['task', 72],
];

/** Past that, the message is cut rather than the table scrolled sideways, down to this. */
const MIN_MESSAGE = 140;

/** The stripe in the level's colour, at the left of every row. */
const STRIPE = 3;

export const MIN_WIDTH = 40;
export const MAX_WIDTH = 2_000;

/** How wide the columns are. Widths chosen by the user are kept in the settings. */
export class ColumnWidths {
	/** The width of the table, in pixels. */
	tableWidth = $state(Infinity);
	/** Says whether rows of other days are in view: their time has a date. */
	isDated: () => boolean = () => false;
	readonly #host: ColumnHost;
	readonly #list: () => readonly { readonly id: ColumnId }[];
	/** The width a border is being dragged to. */
	#dragged: { readonly id: ColumnId; readonly width: number } | undefined = $state.raw();

	/** The widths of all columns: as the user chose them, else as there is room. */
	readonly #widths = $derived.by(() => this.#computeWidths());

	constructor(host: ColumnHost, list: () => readonly { readonly id: ColumnId }[]) {
		this.#host = host;
		this.#list = list;
	}

	/** In CSS pixels; 0 where it gave way to the message. */
	of(id: ColumnId): number {
		return this.#widths.get(id) ?? OTHER_WIDTH;
	}

	/** The column that takes the room that is left: the message, else the last one. */
	get flexible(): ColumnId | undefined {
		const list = this.#list();
		return list.some(({ id }) => id === 'message') ? 'message' : list.at(-1)?.id;
	}

	/** The `grid-template-columns` of header and rows. */
	get template(): string {
		const { flexible } = this;
		return this.#list()
			.map(({ id }) => (id === flexible ? `minmax(${MIN_MESSAGE}px, 1fr)` : `${this.of(id)}px`))
			.join(' ');
	}

	/** The least width of a row before the table scrolls sideways. */
	get minWidth(): number {
		const { flexible } = this;
		const others = this.#list().filter(({ id }) => id !== flexible);
		return others.reduce((sum, { id }) => sum + this.of(id), STRIPE + MIN_MESSAGE);
	}

	/** Where a column begins and ends in a row at its least width, in pixels. */
	placeOf(id: ColumnId): { readonly start: number; readonly end: number } {
		const { flexible } = this;
		const room = Math.max(this.tableWidth - this.minWidth, 0) + MIN_MESSAGE;
		let start = STRIPE;
		for (const column of this.#list()) {
			const width = column.id === flexible ? room : this.of(column.id);
			if (column.id === id) {
				return { start, end: start + width };
			}
			start += width;
		}
		return { start: 0, end: 0 };
	}

	/** Shows a width without keeping it yet. */
	drag(id: ColumnId, width: number): void {
		this.#dragged = { id, width: clampWidth(width) };
	}

	/** Keeps a width; `undefined` for the one it has at first. */
	resize(id: ColumnId, width: number | undefined): void {
		this.#dragged = undefined;
		const { [id]: _before, ...others } = this.#host.settings.column_widths;
		const column_widths = width === undefined ? others : { ...others, [id]: clampWidth(width) };
		this.#host.changeSettings({ column_widths });
	}

	/** All as wide as at first. */
	reset(): void {
		this.#dragged = undefined;
		this.#host.changeSettings({ column_widths: {} });
	}

	#computeWidths(): ReadonlyMap<ColumnId, number> {
		const chosen = this.#host.settings.column_widths;
		const { flexible } = this;
		const widths = new Map<ColumnId, number>();
		for (const { id } of this.#list()) {
			const atFirst = this.#widthAtFirst(id);
			widths.set(id, id === flexible ? atFirst : (chosen[id] ?? atFirst));
		}
		let excess = [...widths.values()].reduce((sum, width) => sum + width, STRIPE) - this.tableWidth;
		for (const [id, least] of GIVING_WAY) {
			const width = widths.get(id);
			if (width !== undefined && chosen[id] === undefined && excess > 0 && id !== flexible) {
				const given = Math.min(excess, Math.max(width - least, 0));
				widths.set(id, Math.floor(width - given));
				excess -= given;
			}
		}
		// A narrow table beside the details, which have these, too.
		for (const [id] of GIVING_WAY) {
			const isTooMuch = excess > (WIDTHS.get('message') ?? OTHER_WIDTH) - MIN_MESSAGE;
			if (isTooMuch && chosen[id] === undefined && id !== flexible) {
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
		if (id !== 'time') {
			return WIDTHS.get(id) ?? OTHER_WIDTH;
		}
		return TIME_WIDTHS[this.#host.settings.precision] + (this.isDated() ? DATE_WIDTH : 0);
	}
}

function clampWidth(width: number): number {
	return Math.round(Math.min(Math.max(width, MIN_WIDTH), MAX_WIDTH));
}

import { exportFileName } from '#shared/model/export.ts';
import type { ExportFormat, ExportRequest } from '#shared/model/export.ts';
import type { Filter, Order } from '#shared/model/query.ts';
import type { ColumnId } from '#shared/model/view.ts';
import type { ExportedRows, RowCount } from '../../lib/export-text.ts';
import { askFully } from '../result/ask-fully.ts';
import { MAX_COLUMNS, titleOf } from '../table/table-columns.svelte.ts';
import type { Workspace } from '../workspace.svelte.ts';

/** What is to be exported, and how: as the table has it, until something else is chosen. */
export class ExportForm {
	format: ExportFormat = $state('jsonl');
	gzip = $state(false);
	what: ExportedRows = $state('query');
	first: ExportRequest['first'] = $state('oldest');
	/** Of CSV and text, from the left. */
	columns: readonly ColumnId[] = $state.raw([]);
	readonly #workspace: Workspace;
	#order: Order = $state('arrival');
	/** Marked entries that are still stored, once they are counted. */
	#marked: number | undefined = $state();

	constructor(workspace: Workspace, what: ExportedRows) {
		this.#workspace = workspace;
		this.what = what;
		this.format = workspace.exports.lastFormat;
		this.#order = workspace.view.order;
		const { list } = workspace.columns;
		// The time since the row before is no entry's own.
		const columns = list.map(({ id }) => id).filter((id) => id !== 'delta');
		this.columns = columns.length === 0 ? ['message'] : columns;
	}

	/** Whether the format has columns. */
	get hasColumns(): boolean {
		return this.format === 'csv' || this.format === 'text';
	}

	/** What the table shows is the newest in its own order. */
	get order(): Order {
		return this.what === 'shown' ? this.#workspace.view.order : this.#order;
	}

	set order(order: Order) {
		this.#order = order;
	}

	/** Which entries can be exported, and how many each choice has. */
	get choices(): readonly { readonly what: ExportedRows; readonly count: RowCount }[] {
		const { view } = this.#workspace;
		return [
			{ what: 'query', count: this.count('query') },
			...(view.limit === 0 ? [] : [{ what: 'shown' as const, count: this.count('shown') }]),
			{ what: 'selected', count: this.count('selected') },
			{ what: 'marked', count: this.count('marked') },
		];
	}

	/** How many entries are meant. */
	count(what: ExportedRows): RowCount {
		const { view, selection, tools } = this.#workspace;
		switch (what) {
			case 'selected':
				return { rows: selection.rows.length, isExact: true };
			case 'marked': {
				const rows = this.#marked ?? tools.marks.seqs.length;
				return { rows, isExact: true };
			}
			case 'shown':
				return { rows: view.shown, isExact: !view.replacing };
			case 'query':
				return view.replacing
					? { rows: undefined, isExact: false }
					: {
							rows: view.set.matched,
							isExact: view.set.complete && !this.isReading && view.set.over === undefined,
						};
		}
	}

	/** Logs are still being read: an export waits for them. */
	get isReading(): boolean {
		return this.#workspace.engine.sources.some(({ state }) => state === 'indexing');
	}

	/** What stands at the head of the columns. */
	get titles(): readonly string[] {
		return this.columns.map(titleOf);
	}

	/** What the engine is asked for. */
	get request(): ExportRequest {
		const { selection, settings, tools, view } = this.#workspace;
		const { what } = this;
		const rows =
			what === 'selected'
				? selection.rows.map(({ seq }) => seq)
				: what === 'marked'
					? [...tools.marks.seqs]
					: undefined;
		return {
			filter: rows === undefined ? this.#filter : {},
			order: this.order,
			first: this.first,
			limit: what === 'shown' ? view.shown : 0,
			...(rows === undefined ? {} : { rows }),
			format: this.format,
			...(this.hasColumns ? { columns: [...this.columns] } : {}),
			gzip: this.gzip,
			time_zone: settings.time_zone,
			// A table is read by people, a CSV by programs: nothing is cut off there.
			precision: this.format === 'csv' ? 6 : settings.precision,
			head: true,
			color: false,
		};
	}

	/** A name for the file: that of the log, if there is one only. */
	get name(): string {
		const [source, ...others] = this.#workspace.engine.sources;
		const log = source === undefined || others.length > 0 ? 'asyncz' : source.name;
		return exportFileName(log, { format: this.format, gzip: this.gzip });
	}

	/** Counts the marked entries that are still stored. */
	async countMarked(): Promise<void> {
		const { services, tools } = this.#workspace;
		const marked = [...tools.marks.seqs];
		if (marked.length === 0) {
			return;
		}
		try {
			const ask = () => services.engine.count({ query: 'is:marked', marked });
			this.#marked = (await askFully(ask, () => false))?.matched;
		} catch {
			// Then they are as many as there are marks, as far as anybody knows.
		}
	}

	/** Adds a column at the right; what is wrong with it, if something is. */
	addColumn(id: ColumnId): string | undefined {
		if (id === '' || this.columns.includes(id)) {
			return id === '' ? 'Type the name of a column or field.' : `${titleOf(id)} is there already.`;
		}
		if (this.columns.length >= MAX_COLUMNS) {
			return `There can be ${MAX_COLUMNS} columns at most.`;
		}
		this.columns = [...this.columns, id];
		return undefined;
	}

	/** Takes a column away, but for the last one. */
	removeColumn(id: ColumnId): void {
		if (this.columns.length > 1) {
			this.columns = this.columns.filter((other) => other !== id);
		}
	}

	/** Moves a column one place to the left. */
	moveLeft(id: ColumnId): void {
		const index = this.columns.indexOf(id);
		if (index > 0) {
			this.columns = this.columns.toSpliced(index, 1).toSpliced(index - 1, 0, id);
		}
	}

	/**
	 * That of the table, up to where it has taken in what comes. While it looks for another result or
	 * logs are being read, all there is when the export begins.
	 */
	get #filter(): Filter {
		const { view } = this.#workspace;
		const isOpen = (view.replacing || this.isReading) && !view.paused;
		return isOpen ? view.filter : { ...view.filter, up_to: view.set.upTo };
	}
}

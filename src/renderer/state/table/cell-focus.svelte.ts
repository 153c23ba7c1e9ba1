import type { EntryRow } from '#shared/model/entry.ts';
import type { ColumnId } from '#shared/model/view.ts';
import { cellValue } from '../../lib/cell-value.ts';
import type { FieldValue } from '../../lib/cell-value.ts';
import type { RowCursor } from './row-cursor.svelte.ts';
import type { TableColumns } from './table-columns.svelte.ts';

/** What it needs of the workspace. */
export interface CellHost {
	readonly columns: TableColumns;
	readonly cursor: RowCursor;
	readonly view: { readonly set: { readonly fields: readonly string[] } };
	source(id: number): { readonly name: string } | undefined;
}

/** Which cell of the chosen row is meant by keys, if not the whole row. */
export class CellFocus {
	/** Its column; what is hidden has no cell. */
	column: ColumnId | undefined = $state();
	readonly #host: CellHost;

	constructor(host: CellHost) {
		this.#host = host;
	}

	/** The place of the column among those that are shown; -1 while the whole row is meant. */
	get index(): number {
		return this.#host.columns.list.findIndex(({ id }) => id === this.column);
	}

	/** Goes to the cell at the right or the left; left of the first one it is the row that is meant. */
	move(step: 1 | -1): void {
		if (!this.#host.cursor.isVisible) {
			this.#host.cursor.move(0);
		}
		const { list, widths } = this.#host.columns;
		const isSeen = (index: number) =>
			widths.of(list[index]?.id ?? '') > 0 || list[index]?.id === widths.flexible;
		let index = this.index + step;
		while (index >= 0 && index < list.length && !isSeen(index)) {
			index += step;
		}
		if (index < list.length) {
			this.column = list[index]?.id;
		}
	}

	clear(): void {
		this.column = undefined;
	}

	/** What the cell says of its field: `undefined` if there is no cell or it says nothing. */
	get value(): FieldValue | undefined {
		const { row } = this.#host.cursor;
		return row === undefined || this.index === -1 ? undefined : this.valueOf(this.column, row);
	}

	/** What a cell of this column says of a row. */
	valueOf(column: ColumnId | undefined, row: EntryRow): FieldValue | undefined {
		return column === undefined
			? undefined
			: cellValue(column, row, this.#host.view.set.fields, (id) => this.#host.source(id)?.name);
	}
}

import { csvCell, CSV_LINE_END } from '#shared/format/csv.ts';
import type { CellReader } from './cell-reader.ts';
import type { EntryWriter } from './entry-writer.ts';
import type { Output } from './output.ts';
import type { ExportedEntry } from './exported-entry.ts';
import type { StampText } from './stamp-text.ts';

/** So many texts of few values, levels and loggers, are remembered as cells. */
const KEPT_CELLS = 10_000;

/** Chosen columns as CSV (`csvCell`), with their names in the first line. */
export class CsvLines implements EntryWriter {
	readonly readsText: boolean;
	readonly mustFlush = false;
	missing = 0;
	readonly #columns: readonly CellReader[];
	readonly #stamps: StampText;
	readonly #cells = new Map<string, string>();

	constructor(columns: readonly CellReader[], stamps: StampText) {
		this.#columns = columns;
		this.#stamps = stamps;
		this.readsText = columns.some((column) => column.readsText);
	}

	begin(out: Output): void {
		out.text(this.#columns.map(({ name }) => csvCell(name)).join(',') + CSV_LINE_END);
	}

	write(entry: ExportedEntry, out: Output): void {
		let line = '';
		for (const column of this.#columns) {
			const cell = this.#cell(column, entry);
			if (cell === undefined) {
				this.missing++;
				return;
			}
			line += line === '' && column === this.#columns[0] ? cell : `,${cell}`;
		}
		out.text(line + CSV_LINE_END);
	}

	flush(): void {}

	#cell(column: CellReader, entry: ExportedEntry): string | undefined {
		if (column.column === 'ts') {
			return this.#stamps.of(entry.ts);
		}
		const text = column.read(entry);
		if (text === undefined || column.readsText) {
			return text === undefined ? undefined : csvCell(text);
		}
		let cell = this.#cells.get(text);
		if (cell === undefined) {
			cell = csvCell(text);
			if (this.#cells.size >= KEPT_CELLS) {
				this.#cells.clear();
			}
			this.#cells.set(text, cell);
		}
		return cell;
	}
}

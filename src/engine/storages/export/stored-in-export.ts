import type { EntryWriter } from '../../export-formats/entry-writer.ts';
import type { ExportedEntry, WholeEntry } from '../../export-formats/exported-entry.ts';
import type { Output } from '../../export-formats/output.ts';
import { lineOf, logEntryOf, recordOf } from '../answers/entry-rows.ts';
import type { QueryableEntry } from '../queryable-entry.ts';

/** An entry of a storage as it is written. */
export class StoredInExport implements ExportedEntry {
	readonly sources: ReadonlyMap<number, string>;
	readonly #entry: QueryableEntry;

	constructor(entry: QueryableEntry, sources: ReadonlyMap<number, string>) {
		this.#entry = entry;
		this.sources = sources;
	}

	get ts(): number {
		return this.#entry.ts;
	}

	level(): { readonly level: string; readonly severity: number } {
		return this.#entry;
	}

	logger(): string {
		return this.#entry.logger;
	}

	task(): string | undefined {
		return this.#entry.task_id;
	}

	sourceName(): string {
		return this.sources.get(this.#entry.source) ?? '';
	}

	message(): string {
		return this.#entry.message;
	}

	exception(): string | undefined {
		return this.#entry.exception;
	}

	record(): Uint8Array {
		return Buffer.from(recordOf(this.#entry));
	}

	/** The line it was read from, or the record that it is. */
	line(): string {
		return lineOf(this.#entry);
	}

	isThere(): boolean {
		return true;
	}

	entry(): WholeEntry {
		return logEntryOf(this.#entry, '');
	}
}

/** The lines that entries were read from; where there was none, AsyncZ's record. */
export class StoredLines implements EntryWriter<StoredInExport> {
	readonly readsText = true;
	readonly mustFlush = false;
	readonly missing = 0;

	begin(): void {}

	write(entry: StoredInExport, out: Output): void {
		out.text(`${entry.line()}\n`);
	}

	flush(): void {}
}

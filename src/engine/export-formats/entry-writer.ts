import type { Output } from './output.ts';
import type { ExportedEntry } from './exported-entry.ts';

/** Writes entries in one format. */
export interface EntryWriter<Entry = ExportedEntry> {
	/** Whether it looks at the text of every row. */
	readonly readsText: boolean;
	/** Entries that could not be written: their lines are nowhere to be had. */
	readonly missing: number;
	/** What stands before the first entry. */
	begin(out: Output): void;
	write(entry: Entry, out: Output): void;
	/** Something of the entry written last is still to come: `flush` first, then the next one. */
	readonly mustFlush: boolean;
	/** Writes what it has held back, or a bounded part of it: then it must be asked again. */
	flush(out: Output): void;
}

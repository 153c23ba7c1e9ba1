import type { LogEntry } from '#shared/model/entry.ts';
import type { Count, CountQuery, Filter, Page } from '#shared/model/query.ts';
import type { SourceId } from '#shared/model/source.ts';
import type { StorageStatus } from '#shared/api/engine.ts';
import type { DecodedLine } from '../pipeline/decode-line.ts';

/** An entry on its way into a storage. */
export interface NewEntry extends DecodedLine {
	/** Its line or lines; bytes where the text would not give them back. */
	readonly raw: string | Buffer;
	/** Byte offset of its line in the source. */
	readonly offset: number;
}

/**
 * What a source has to know to go on where it stopped: plain JSON, opaque to the storage. It is
 * saved together with the entries it speaks of.
 */
export type Checkpoint = Readonly<Record<string, unknown>>;

/** Entries of one source in their order, with the checkpoint that is true once they are stored. */
export interface EntryBatch {
	readonly source: SourceId;
	readonly entries: readonly NewEntry[];
	/**
	 * Where they belong in the order of arrival: after everything stored so far, or, for history
	 * read backwards, at `base` + their offset, in a stretch that `reserve` gave out.
	 */
	readonly place: 'newest' | { readonly base: number };
	/** More lines of an entry already stored: its traceback came in two pieces. */
	readonly continuation?: { readonly seq: number; readonly raw: string | Buffer };
	/** Given the `seq` of the last entry of this batch, or `undefined` if it has none. */
	readonly checkpoint: (lastSeq: number | undefined) => Checkpoint;
}

/** A query without the bounds of the wire: `limit` and `offset` are any whole numbers. */
export interface StorageQuery extends Filter {
	readonly limit?: number;
	readonly offset?: number;
}

/**
 * Where entries are kept. Every storage answers the same queries with the same entries, newest
 * first by arrival; `matchFilter` defines which ones.
 */
export interface LogStorage {
	/**
	 * Stores a batch and its checkpoint, both or neither. Rejects with an `AppError`
	 * `storage-failed` that says what to do; the batch may then be tried again.
	 */
	append(batch: EntryBatch): Promise<void>;
	/** Keeps `length` places in the order of arrival free, after everything stored; the first one. */
	reserve(length: number): number;
	/** At most `limit` (200) entries after the newest `offset` (0). */
	query(query: StorageQuery): Promise<Page>;
	count(query: CountQuery): Promise<Count>;
	get(seq: number): Promise<LogEntry | undefined>;
	/** The checkpoint last stored for a source. */
	checkpoint(source: SourceId): Promise<Checkpoint | undefined>;
	/** The sources that have a checkpoint, in order: those that were not removed, or not wholly. */
	sources(): readonly SourceId[];
	/** Forgets a source: its entries, and last of all its checkpoint. */
	remove(source: SourceId): Promise<void>;
	stats(): StorageStatus;
	close(): Promise<void>;
}

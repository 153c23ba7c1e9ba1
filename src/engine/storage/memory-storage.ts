import { EntryFlag, previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { DEFAULT_LIMIT, matchFilter } from '#shared/model/query.ts';
import type { Count, CountQuery, Page } from '#shared/model/query.ts';
import type { SourceId } from '#shared/model/source.ts';
import type { StorageStatus } from '#shared/api/engine.ts';
import { readDetails } from '../pipeline/details.ts';
import type { Checkpoint, EntryBatch, LogStorage, NewEntry, StorageQuery } from './log-storage.ts';

/** AsyncZ's own bound for its `MemoryLogStorage`. */
export const DEFAULT_MAXLEN = 10_000;

interface StoredEntry extends EntryRow {
	readonly raw: string;
	readonly offset: number;
}

/**
 * A ring in memory: the newest `maxlen` entries by arrival, the older ones are dropped and counted.
 * Used where no data folder can be written, and as the simplest storage that is right.
 */
export class MemoryLogStorage implements LogStorage {
	readonly #maxlen: number;
	readonly #checkpoints = new Map<SourceId, Checkpoint>();
	/** In order of `seq`. */
	#entries: StoredEntry[] = [];
	#nextSeq = 1;
	#appended = 0;
	#dropped = 0;
	#revision = 0;

	constructor(options: { readonly maxlen?: number } = {}) {
		this.#maxlen = options.maxlen ?? DEFAULT_MAXLEN;
	}

	async append(batch: EntryBatch): Promise<void> {
		const { place, continuation } = batch;
		if (continuation !== undefined) {
			this.#entries = this.#entries.map((entry) =>
				entry.seq === continuation.seq
					? {
							...entry,
							raw: `${entry.raw}\n${continuation.raw.toString()}`,
							flags: entry.flags | EntryFlag.continued,
						}
					: entry,
			);
		}
		const stored = batch.entries.map((entry) =>
			toStored(
				entry,
				batch.source,
				place === 'newest' ? this.#nextSeq++ : place.base + entry.offset,
			),
		);
		this.#appended += stored.length;
		const all = [...this.#entries, ...stored];
		if (place !== 'newest') {
			all.sort((a, b) => a.seq - b.seq);
		}
		const excess = Math.max(all.length - this.#maxlen, 0);
		this.#entries = all.slice(excess);
		this.#dropped += excess;
		if (place !== 'newest' || excess > 0) {
			this.#revision++;
		}
		this.#checkpoints.set(batch.source, batch.checkpoint(stored.at(-1)?.seq));
	}

	reserve(length: number): number {
		const first = this.#nextSeq;
		this.#nextSeq += length;
		return first;
	}

	async query(query: StorageQuery): Promise<Page> {
		const { limit = DEFAULT_LIMIT, offset = 0, ...filter } = query;
		const matching = this.#entries.filter((entry) => matchFilter(filter, entry));
		const end = matching.length - offset;
		const rows = matching.slice(Math.max(end - limit, 0), Math.max(end, 0)).toReversed();
		return { rows: rows.map(toRow), complete: true };
	}

	async count(query: CountQuery): Promise<Count> {
		const { after = -1, ...filter } = query;
		const matching = this.#entries.filter(
			(entry) => entry.seq > after && matchFilter(filter, entry),
		);
		const errors = matching.filter((entry) => entry.severity >= 40).length;
		return { matched: matching.length, errors, searched: 1, complete: true };
	}

	async get(seq: number): Promise<LogEntry | undefined> {
		const entry = this.#entries.find((candidate) => candidate.seq === seq);
		return entry === undefined ? undefined : { ...entry, ...readDetails(entry.raw) };
	}

	async checkpoint(source: SourceId): Promise<Checkpoint | undefined> {
		return this.#checkpoints.get(source);
	}

	sources(): readonly SourceId[] {
		return [...this.#checkpoints.keys()].sort((a, b) => a - b);
	}

	async remove(source: SourceId): Promise<void> {
		this.#entries = this.#entries.filter((entry) => entry.source !== source);
		this.#checkpoints.delete(source);
		this.#revision++;
	}

	stats(): StorageStatus {
		return {
			kind: 'memory',
			size: this.#entries.length,
			appended: this.#appended,
			dropped: this.#dropped,
			bytes: 0,
			watermark: this.#entries.at(-1)?.seq ?? 0,
			revision: this.#revision,
		};
	}

	async close(): Promise<void> {
		this.#entries = [];
	}
}

function toStored(entry: NewEntry, source: SourceId, seq: number): StoredEntry {
	const { task_id, raw, ...rest } = entry;
	return {
		...rest,
		...(task_id === undefined ? {} : { task_id }),
		seq,
		source,
		raw: typeof raw === 'string' ? raw : raw.toString('utf8'),
	};
}

function toRow(entry: StoredEntry): EntryRow {
	const { raw: _raw, offset: _offset, ...row } = entry;
	return { ...row, message: previewOf(row.message) };
}

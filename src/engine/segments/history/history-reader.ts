import type { Client } from '#shared/rpc/rpc.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { IngestContext } from '../ingest/ingest-context.ts';
import type { QueryApi } from '../query/query-api.ts';
import { viewColumns } from '../segment/columns.ts';
import { placeOf } from '../segment/generation-record.ts';
import type { GenerationRecord } from '../segment/generation-record.ts';
import { RangeSet } from '../segment/range-set.ts';
import type { Segment } from '../segment/segment.ts';
import { HeldFiles } from './held-files.ts';
import { Rereader } from './rereader.ts';
import type { SliceResult } from './scan-api.ts';
import { ScanPool } from './scan-pool.ts';
import type { ScanThread } from './scan-pool.ts';
import { cutSlice } from './slice-cuts.ts';
import type { Slice } from './slice-cuts.ts';
import { TextKeeper } from './text-keeper.ts';

export interface HistoryReaderOptions extends IngestContext {
	readonly ingest: Ingest;
	/** The entry file of the scan threads. */
	readonly threadUrl: URL;
	readonly query: () => Client<QueryApi>;
}

/** A file that could not be read is tried again after this time. */
const RETRY_MS = 1_000;

/**
 * Reads what was left of logs, the newest part first, in threads of its own; when there is nothing
 * left to read, keeps the text of what was read.
 */
export class HistoryReader {
	readonly #options: HistoryReaderOptions;
	readonly #pool: ScanPool;
	readonly #keeper: TextKeeper;
	readonly #rereader: Rereader;
	readonly #files = new HeldFiles();
	/** Slices that are being read, by log. */
	readonly #claimed = new Map<number, Slice[]>();
	/** Logs whose files could not be read, until they are tried again. */
	readonly #failed = new Set<number>();
	#timer: NodeJS.Timeout | undefined;
	#isCutting = false;
	#isClosed = false;
	#running = 0;

	constructor(options: HistoryReaderOptions) {
		this.#options = options;
		this.#pool = new ScanPool(options.threadUrl, options.dictionary);
		this.#keeper = new TextKeeper(options, this.#files);
		this.#rereader = new Rereader({ ...options, pool: this.#pool });
	}

	/** Looks for work: something was left, or a file is somewhere else. */
	look(): void {
		if (!this.#isCutting && !this.#isClosed) {
			this.#isCutting = true;
			void this.#deal().finally(() => {
				this.#isCutting = false;
			});
		}
	}

	isReading(source: number): boolean {
		const records = this.#options.generations.of(source);
		return (
			this.#rereader.isAtWork(source) ||
			records.some(({ id }) => this.#options.generations.missing(id).length > 0)
		);
	}

	/** Reads the stored entries of a source anew, by its mapping. */
	async reread(source: number): Promise<void> {
		await this.#rereader.reread(source);
	}

	/** Nothing more of a source is read. Resolves when what is being read of it is done. */
	async forget(source: number): Promise<void> {
		const ids = this.#options.generations.of(source).map(({ id }) => id);
		for (const id of ids) {
			this.#options.generations.change(id, { left: [] });
		}
		while (ids.some((id) => (this.#claimed.get(id)?.length ?? 0) > 0)) {
			await new Promise((resolve) => setImmediate(resolve));
		}
		for (const id of ids) {
			this.#files.leave(id);
		}
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		await this.#pool.close();
		this.#files.leaveAll();
	}

	/** Gives each idle thread something to do. */
	async #deal(): Promise<void> {
		for (;;) {
			await this.#options.committer.room();
			const record = this.#isClosed ? undefined : this.#nextRecord();
			const thread = record === undefined ? undefined : this.#pool.take();
			if (record === undefined || thread === undefined) {
				if (record === undefined && this.#running === 0 && !this.#isClosed) {
					void this.#keepText();
				}
				return;
			}
			const slice = this.#cut(record);
			if (slice === undefined) {
				this.#pool.giveBack(thread);
				this.#fail(record.id);
			} else {
				this.#claim(record.id, slice);
				void this.#read(thread, record, slice);
			}
		}
	}

	/** The log seen last of which something is still to be read. */
	#nextRecord(): GenerationRecord | undefined {
		let next: GenerationRecord | undefined;
		for (const record of this.#options.generations.all()) {
			const isLater = record.id > (next?.id ?? -1);
			const mayTry = !this.#failed.has(record.id);
			if (record.left.length > 0 && isLater && mayTry && this.#unclaimed(record).length > 0) {
				next = record;
			}
		}
		return next;
	}

	#unclaimed({ id }: GenerationRecord): Slice[] {
		const claimed = new RangeSet(this.#claimed.get(id) ?? []);
		return this.#options.generations
			.missing(id)
			.flatMap((range) =>
				claimed
					.missing(range)
					.map((part) => ({ ...part, base: range.base + part.start - range.start })),
			);
	}

	/** The newest part of what is left of a log, cut at the beginning of an entry. */
	#cut(record: GenerationRecord): Slice | undefined {
		const range = this.#unclaimed(record).at(-1);
		const fd = this.#files.of(record);
		return range === undefined || fd === undefined ? undefined : cutSlice(fd, range);
	}

	#claim(id: number, slice: Slice): void {
		this.#claimed.set(id, [...(this.#claimed.get(id) ?? []), slice]);
	}

	async #read(thread: ScanThread, { id, source }: GenerationRecord, slice: Slice): Promise<void> {
		this.#running++;
		const { generations, mapping, now } = this.#options;
		const mappedBy = mapping(source);
		let result: SliceResult | undefined;
		try {
			const record = generations.get(id);
			const job = {
				generation: placeOf(record),
				start: slice.start,
				end: slice.end,
				mapping: mappedBy,
				arrival: now() * 1_000,
			};
			result = await this.#files.use([record], async (files) => {
				const fd = files.get(id);
				return fd === undefined ? undefined : thread.api().scan({ ...job, fd });
			});
		} catch {
			// The thread died or is closing: the slice stays to be read.
		}
		this.#running--;
		this.#claimed.set(
			id,
			(this.#claimed.get(id) ?? []).filter((other) => other !== slice),
		);
		// By another mapping it would read otherwise: it is read again.
		const isRight = mapping(source) === mappedBy;
		const isWanted = generations.has(id) && generations.missing(id).length > 0;
		if (result !== undefined) {
			// Even if it is not wanted: the thread tells each text once.
			thread.ids.learn(result);
		}
		if (result === undefined) {
			this.#fail(id);
		} else if (isWanted && isRight && !this.#isClosed) {
			this.#store(thread, id, slice, result);
		}
		this.#pool.giveBack(thread);
		this.look();
	}

	#store(thread: ScanThread, id: number, slice: Slice, result: SliceResult): void {
		const { generations, ingest, committer } = this.#options;
		const range = { start: slice.start, end: slice.end };
		const { memory, counts, format } = result;
		generations.cover(id, range, counts);
		if (generations.get(id).format === undefined && format !== undefined) {
			generations.change(id, { format });
		}
		if (result.segment.rows === 0) {
			committer.addEmpty({ ...range, generation: id, segment: null });
			return;
		}
		thread.ids.translate(viewColumns(memory.columns, memory.capacity), result.segment.rows);
		const segment: Segment = {
			...result.segment,
			id: ingest.next('next_segment'),
			seq: slice.base,
			spans: result.segment.spans.map((span) => ({ ...span, generation: id })),
		};
		ingest.addHistory(
			{
				id: segment.id,
				isSealed: true,
				keepsText: false,
				segment: () => segment,
				memory: () => memory,
				coverage: () => [{ ...range, generation: id, segment: segment.id }],
			},
			segment,
		);
	}

	async #keepText(): Promise<void> {
		const thread = this.#pool.take();
		if (thread === undefined) {
			return;
		}
		if (!this.#keeper.hasWork()) {
			this.#pool.giveBack(thread);
			this.#files.leaveAll();
			return;
		}
		this.#running++;
		const hasMore = await this.#keeper.keepOne(thread);
		this.#running--;
		this.#pool.giveBack(thread);
		if (hasMore) {
			this.look();
		}
	}

	#fail(id: number): void {
		const { generations, ingest } = this.#options;
		if (generations.has(id) && generations.get(id).place.kind !== 'plain') {
			const { place, gaps, lostBytes } = generations.get(id);
			const bytes = generations.missing(id).reduce((sum, { start, end }) => sum + end - start, 0);
			generations.change(id, { isDestroyed: true, gaps: gaps + 1, lostBytes: lostBytes + bytes });
			ingest.gap({
				generation: id,
				message: `${place.path} was compressed before all of it could be read: ${bytes} bytes of it are missing here.`,
			});
			return;
		}
		this.#failed.add(id);
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#failed.clear();
			this.look();
		}, RETRY_MS);
	}
}

import type { StorageStatus } from '#shared/api/engine.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import { createScanner } from '../scan/create-scanner.ts';
import { HistoryReader } from './history/history-reader.ts';
import { Committer } from './ingest/committer.ts';
import type { Saved } from './ingest/committer.ts';
import type { Generations } from './ingest/generations.ts';
import { Ingest } from './ingest/ingest.ts';
import { QueryFeed } from './ingest/query-feed.ts';
import { Remover } from './ingest/remover.ts';
import { SegmentIndex } from './ingest/segment-index.ts';
import { SourceSink } from './ingest/source-sink.ts';
import { Spool } from './ingest/spool.ts';
import type { ActiveStorage } from '../active-storage.ts';
import { openCatalogue, openGenerations } from './open-catalogue.ts';
import { querySchemas } from './query/query-api.ts';
import type { QueryApi } from './query/query-api.ts';
import { Dictionary } from './segment/dictionary.ts';
import { RowBuilder } from './segment/row-builder.ts';
import type { Segment } from './segment/segment.ts';
import { writerSchemas } from './sqlite/writer-api.ts';
import type { WriterApi } from './sqlite/writer-api.ts';
import { ThreadAnswers } from './thread-answers.ts';
import type { StorageListener, StoragePolicy, StorageThreads } from './storage-options.ts';
import { ThreadClient } from '../threads/thread-client.ts';

/**
 * Entries as segments of columns in a SQLite database. This thread makes rows of what is read; a
 * second one saves them, a third one answers queries, and two more read history: none waits for
 * another.
 */
export class SegmentStorage extends ThreadAnswers implements ActiveStorage {
	readonly #query: ThreadClient<QueryApi>;
	readonly #writer: ThreadClient<WriterApi>;
	readonly #ingest: Ingest;
	readonly #history: HistoryReader;
	readonly #remover: Remover;
	readonly #committer: Committer;
	readonly #index: SegmentIndex;
	readonly #feed: QueryFeed;
	readonly #mappings = new Map<number, Mapping>();
	readonly generations: Generations;
	/** What is kept here for the storages that are fed from it. */
	readonly spool: Spool;
	#policy: StoragePolicy = { keepsText: true, retention: { rows: 0, bytes: 0, days: 0 } };
	#listener: StorageListener | undefined;
	#used = 0;
	/** When the newest entries were written that came while their log was followed. */
	#writtenAt: number | undefined;

	/** Opens or creates the database at `path`. `now`: milliseconds since 1970. Throws an `AppError` `storage-failed`. */
	constructor(path: string, threads: StorageThreads, now: () => number = Date.now) {
		const { catalogue, used } = openCatalogue(path);
		super(() => this.#query.api);
		this.#used = used;
		const onChange = () => this.#listener?.onChange();
		this.generations = openGenerations(catalogue, path);
		const { generations } = this;
		this.#index = new SegmentIndex(catalogue.segments);
		const dictionary = new Dictionary(catalogue.texts);
		const data = { path };
		this.#writer = new ThreadClient({ url: threads.writer, data, schemas: writerSchemas });
		this.#query = new ThreadClient({
			url: threads.query,
			data,
			schemas: querySchemas,
			onRestart: () => this.#tellAll(),
		});
		this.#feed = new QueryFeed(() => this.#query.api, dictionary, generations);
		this.#committer = new Committer({
			writer: () => this.#writer.api,
			generations,
			dictionary,
			counters: () => this.#ingest.counters,
			onSaved: (saved, kept, numbers) => this.#onSaved(saved, kept, numbers),
			onBlocked: (message) => this.#listener?.onBlocked(message),
		});
		this.spool = new Spool({
			index: this.#index,
			forwards: catalogue.forwards,
			writer: () => this.#writer.api,
			used: () => this.#used,
			policy: () => this.#policy,
		});
		const shared = {
			generations,
			index: this.#index,
			feed: this.#feed,
			committer: this.#committer,
			dictionary,
			spool: this.spool,
			now,
			onChange,
			policy: () => this.#policy,
			mapping: (source: number) => this.#mappings.get(source),
		};
		this.#ingest = new Ingest({
			...shared,
			counters: catalogue.counters,
			builder: new RowBuilder(createScanner(), dictionary),
		});
		this.#history = new HistoryReader({
			...shared,
			ingest: this.#ingest,
			threadUrl: threads.scan,
			query: () => this.#query.api,
		});
		this.#remover = new Remover({
			...shared,
			ingest: this.#ingest,
			history: this.#history,
			writer: () => this.#writer.api,
		});
	}

	/** Tells one listener from now on. */
	listen(listener: StorageListener): void {
		this.#listener = listener;
	}

	/** What a source hands its logs to; `onLive` is told how many entries were the newest. */
	sink(source: number, onLive: (entries: number) => void): SourceSink {
		return new SourceSink(source, {
			onLive,
			generations: this.generations,
			ingest: this.#ingest,
			history: this.#history,
			committer: this.#committer,
			spool: this.spool,
		});
	}

	/** Tells when the file of what came last had been written to; milliseconds since 1970. */
	wereWritten(at: number | undefined): void {
		this.#writtenAt = Math.max(this.#writtenAt ?? 0, at ?? 0) || undefined;
	}

	/** Changes what is kept from now on; what is too much by then leaves soon. */
	setPolicy(policy: StoragePolicy): void {
		const isNew = policy.keepsText && !this.#policy.keepsText;
		this.#policy = policy;
		if (isNew) {
			this.#ingest.keepTexts();
		}
		this.#history.look();
		void this.#remover.keepWithin(this.#used);
	}

	/** Tells which values of a source's lines are its columns, for what is read from now on. */
	setMapping(source: number, mapping: Mapping | undefined): void {
		if (mapping === undefined || Object.keys(mapping).length === 0) {
			this.#mappings.delete(source);
		} else {
			this.#mappings.set(source, mapping);
		}
		this.#feed.mapping(source, mapping ?? {});
	}

	/** Tells the names that queries know sources by: those of all there are. */
	setSourceNames(names: ReadonlyMap<number, string>): void {
		this.#feed.sourceNames(names);
	}

	/** What was said about a source's lines. */
	mapping(source: number): Mapping | undefined {
		return this.#mappings.get(source);
	}

	/** Reads all stored entries of a source anew, by its mapping. */
	async rereadSource(source: number): Promise<void> {
		this.#ingest.seal();
		await this.#committer.flush();
		await this.#history.reread(source);
	}

	/** Whether there is history of a source that is still to be read, or to be read anew. */
	isReading(source: number): boolean {
		return this.#history.isReading(source);
	}

	/** The sources that something is stored of. */
	sources(): readonly number[] {
		return [...new Set([...this.generations.all()].map(({ source }) => source))];
	}

	/** Forgets a source: its entries, and all that is known of its logs. */
	async remove(source: number): Promise<void> {
		await this.#remover.removeSource(source);
	}

	stats(): StorageStatus {
		const { appended, dropped } = this.#ingest.counters;
		return {
			kind: 'sqlite',
			size: this.#index.rows,
			appended,
			dropped,
			bytes: this.#used,
			unsaved: this.#committer.unsavedRows,
			watermark: this.#index.rows === 0 ? 0 : this.#ingest.watermark,
			revision: this.#ingest.revision,
			...(this.#writtenAt === undefined ? {} : { written_at: this.#writtenAt }),
		};
	}

	/** Resolves when all that sinks were given is on the disk: true; false if it never will be. */
	untilSaved(): Promise<boolean> {
		return this.#committer.untilAllSaved();
	}

	/** Saves everything there is; whether that succeeded. */
	async flush(): Promise<boolean> {
		await this.#committer.flush();
		return this.#committer.blocked === undefined;
	}

	/** Readers first, the writer last. */
	async close(): Promise<void> {
		this.spool.close();
		await this.#history.close();
		await this.#committer.close();
		await this.#query.close();
		await this.#writer.close();
	}

	#onSaved(
		saved: readonly Saved[],
		kept: readonly Segment[],
		{ used, rows }: { readonly used: number; readonly rows: number },
	): void {
		this.#used = used;
		this.#ingest.sealTrickle(rows);
		const final = saved.filter(
			({ isFinal, segment }) => isFinal && this.#index.segment(segment.id),
		);
		for (const { segment } of final) {
			this.#index.set(segment);
		}
		this.#feed.saved(final.map(({ segment }) => segment));
		for (const { id, textBytes, hidden } of kept) {
			const segment = this.#index.segment(id);
			if (segment?.textBytes === textBytes && segment.hidden === hidden) {
				this.#index.set({ ...segment, isTextKept: true });
				this.#feed.segment({ ...segment, isTextKept: true });
				const isGone = segment.spans.some(({ generation }) => this.#isClosed(generation));
				if (isGone) {
					// Its text was nowhere to be had until now.
					this.#ingest.changed();
				}
			}
		}
		this.spool.look();
		this.#history.look();
		void this.#remover.keepWithin(used);
		this.#listener?.onChange();
	}

	/** Entries were taken, or a storage is doing otherwise: what is too much may leave. */
	spoolChanged(): void {
		this.spool.look();
		void this.#remover.keepWithin(this.#used);
	}

	#isClosed(generation: number): boolean {
		return this.generations.has(generation) && this.generations.get(generation).isClosed;
	}

	/** A new query thread knows what the database has: tell it the rest. */
	#tellAll(): void {
		this.#feed.forget();
		for (const [source, mapping] of this.#mappings) {
			this.#feed.mapping(source, mapping);
		}
		for (const unsaved of this.#committer.unsaved()) {
			this.#feed.segment(unsaved.segment(), unsaved.memory());
		}
		this.#ingest.tellOpen();
	}
}

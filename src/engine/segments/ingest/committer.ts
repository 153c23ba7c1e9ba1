import { messageOf } from '#shared/errors.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import { formatGeneration } from '../segment/generation-record.ts';
import type { Dictionary, DictionaryCounts } from '../segment/dictionary.ts';
import type { Segment, SegmentMemory } from '../segment/segment.ts';
import type { Counters, Coverage } from '../sqlite/catalogue.ts';
import type { Commit, KeptText, SegmentCommit } from '../sqlite/commit.ts';
import type { WriterApi } from '../sqlite/writer-api.ts';
import type { Generations } from './generations.ts';

/** A segment that has to be saved: what it is by now. */
export interface Unsaved {
	readonly id: number;
	/** No more rows will come: it may leave memory once it is saved. */
	readonly isSealed: boolean;
	readonly keepsText: boolean;
	segment(): Segment;
	memory(): SegmentMemory;
	/** The bytes it was made of; `undefined`: those it had when it was saved last. */
	coverage(): readonly Coverage[] | undefined;
}

/** A segment as it is in the database now. */
export interface Saved {
	readonly segment: Segment;
	/** No more rows will come, and nothing of it has changed since. */
	readonly isFinal: boolean;
}

export interface CommitterOptions {
	readonly writer: () => Client<WriterApi>;
	readonly generations: Generations;
	readonly dictionary: Dictionary;
	readonly counters: () => Counters;
	/** These are in the database now, and the texts of those `kept`. */
	readonly onSaved: (
		saved: readonly Saved[],
		kept: readonly Segment[],
		numbers: { readonly used: number; readonly rows: number },
	) => void;
	/** The storage refuses: what is unsaved is kept and tried again. `undefined`: it works again. */
	readonly onBlocked: (message: string | undefined) => void;
}

/** What comes is saved after this time; a few lines, which cost next to nothing, sooner. */
const BUSY_MS = 250;
const FEW_ROWS_MS = 100;
const FEW_ROWS = 64;
const RETRY_MS = [250, 1_000, 2_000, 5_000];
/** More unsaved bytes than this, and reading waits for the disk. */
const MAX_UNSAVED_BYTES = 96 * 1024 * 1024;

/**
 * Saves what was ingested, a moment of it as a whole: rows and how far their logs were read are one
 * transaction. After a crash the logs are read on from the moment saved last, so that no line is
 * lost or stored twice.
 */
export class Committer {
	readonly #options: CommitterOptions;
	#unsaved = new Map<number, Unsaved>();
	/** Those that are being saved. */
	#taken: ReadonlyMap<number, Unsaved> = new Map();
	#blocked: string | undefined;
	#empty: Coverage[] = [];
	#kept: KeptText[] = [];
	#savedTexts: DictionaryCounts;
	#rows = 0;
	/** Rows that are being saved. */
	#takenRows = 0;
	#bytes = 0;
	#timer: NodeJS.Timeout | undefined;
	#saving: Promise<void> | undefined;
	#attempt = 0;
	#waiting: (() => void)[] = [];
	#isClosed = false;

	constructor(options: CommitterOptions) {
		this.#options = options;
		this.#savedTexts = options.dictionary.counts();
	}

	/** A segment came, or has more rows, or others. */
	add(unsaved: Unsaved, rows: number, bytes: number): void {
		this.#unsaved.set(unsaved.id, unsaved);
		this.#rows += rows;
		this.#bytes += bytes;
		this.schedule();
	}

	/** Bytes that made no rows. */
	addEmpty(coverage: Coverage): void {
		this.#empty.push(coverage);
		this.schedule();
	}

	/** The text of a saved segment is to be kept. */
	addText(kept: KeptText): void {
		this.#kept.push(kept);
		this.#bytes += kept.blocks.reduce((sum, block) => sum + block.length, 0);
		this.schedule();
	}

	/** Whether a segment is to be saved, or being saved. */
	has(id: number): boolean {
		return this.#unsaved.has(id) || this.#taken.has(id);
	}

	/** It need not be saved any more. */
	drop(id: number): void {
		this.#unsaved.delete(id);
		this.#kept = this.#kept.filter(({ segment }) => segment.id !== id);
	}

	/** Everything that is not saved yet: what a new query thread has to be told. */
	unsaved(): readonly Unsaved[] {
		return [...new Map([...this.#taken, ...this.#unsaved]).values()];
	}

	/** Rows that are not in the database yet. */
	get unsavedRows(): number {
		return this.#rows + this.#takenRows;
	}

	/** Why the storage takes nothing at the moment. */
	get blocked(): string | undefined {
		return this.#blocked;
	}

	/** Resolves when a segment is in the database as it is: soon, but for a disk that is full. */
	async untilSaved(id: number): Promise<void> {
		while (!this.#isClosed && this.has(id)) {
			await this.flush();
			await this.room();
		}
	}

	/** Resolves when there is room for more: at once, but for a disk that is slow or full. */
	async room(): Promise<void> {
		while (!this.#isClosed && (this.#attempt > 0 || this.#bytes > MAX_UNSAVED_BYTES)) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	/** Resolves when all that was added is in the database: true; false if that will never be. */
	async untilAllSaved(): Promise<boolean> {
		while (!this.#isClosed) {
			await this.flush();
			if (this.#attempt === 0) {
				return !this.#isClosed;
			}
			await this.room();
		}
		return false;
	}

	/** Saves soon. */
	schedule(): void {
		if (this.#isClosed || this.#saving !== undefined || this.#attempt > 0) {
			return;
		}
		const wait = this.#rows <= FEW_ROWS ? FEW_ROWS_MS : BUSY_MS;
		this.#timer ??= setTimeout(() => void this.#save(), wait);
	}

	/** Saves all there is; resolves when it is saved, or when that failed. */
	async flush(): Promise<void> {
		await this.#saving;
		await this.#save();
	}

	/** Saves all there is a last time. */
	async close(): Promise<void> {
		await this.flush();
		this.#isClosed = true;
		clearTimeout(this.#timer);
		this.#wake();
	}

	get #isClean(): boolean {
		const things = this.#unsaved.size + this.#empty.length + this.#kept.length;
		return things === 0 && !this.#options.generations.isDirty;
	}

	async #save(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (this.#isClean || this.#isClosed || this.#saving !== undefined) {
			return this.#saving;
		}
		this.#saving = this.#saveNow().finally(() => {
			this.#saving = undefined;
		});
		await this.#saving;
		if (this.#attempt > 0) {
			const wait = RETRY_MS[Math.min(this.#attempt - 1, RETRY_MS.length - 1)];
			this.#timer ??= setTimeout(() => void this.#save(), wait);
		} else if (!this.#isClean) {
			this.schedule();
		}
	}

	async #saveNow(): Promise<void> {
		const taken = [...this.#unsaved.values()];
		const empty = this.#empty;
		const kept = this.#kept;
		const bytes = this.#bytes;
		const rows = this.#rows;
		const records = this.#options.generations.takeDirty();
		const counts = this.#options.dictionary.counts();
		const known = this.#savedTexts;
		const commit: Commit = {
			segments: taken.map((unsaved) => ({
				segment: unsaved.segment(),
				memory: unsaved.memory(),
				coverage: unsaved.coverage(),
				keepsText: unsaved.keepsText,
			})),
			generations: records.map(formatGeneration),
			empty,
			texts: this.#options.dictionary.since(known),
			firstIds: { level: known.level + 1, logger: known.logger + 1, task: known.task + 1 },
			counters: this.#options.counters(),
			kept,
		};
		this.#taken = this.#unsaved;
		this.#unsaved = new Map();
		this.#empty = [];
		this.#kept = [];
		this.#rows = 0;
		this.#bytes = 0;
		this.#takenRows = rows;
		try {
			const { used } = await this.#options.writer().save(commit);
			this.#savedTexts = counts;
			this.#taken = new Map();
			this.#takenRows = 0;
			if (this.#attempt > 0) {
				this.#attempt = 0;
				this.#blocked = undefined;
				this.#options.onBlocked(undefined);
			}
			const saved = taken.map(({ id, isSealed }, index) => ({
				isFinal: isSealed && !this.#unsaved.has(id),
				segment: {
					...(commit.segments[index] as SegmentCommit).segment,
					isTextKept: commit.segments[index]?.keepsText ?? false,
				},
			}));
			this.#options.onSaved(
				saved,
				kept.map(({ segment }) => segment),
				{ used, rows },
			);
		} catch (error) {
			// Newer states of the same segments stand above the ones that were not saved.
			this.#unsaved = new Map([...this.#taken, ...this.#unsaved]);
			this.#taken = new Map();
			this.#empty = [...empty, ...this.#empty];
			this.#kept = [...kept, ...this.#kept];
			this.#bytes += bytes;
			this.#rows += rows;
			this.#takenRows = 0;
			this.#options.generations.markDirty(records.map(({ id }) => id));
			this.#attempt++;
			this.#blocked = messageOf(error);
			this.#options.onBlocked(this.#blocked);
		}
		this.#wake();
	}

	#wake(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const wake of waiting) {
			wake();
		}
	}
}

import { setTimeout as delay } from 'node:timers/promises';
import type { FeedFile } from '#shared/model/feed-journal.ts';
import { Batch } from '../journal/batch.ts';
import { explainWriteError } from '../journal/explain-write-error.ts';
import { FeedJournals } from './feed-journals.ts';
import type { FolderNumbers } from './folder-numbers.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** Lines are gathered for so long, so that a fast sender costs few writes… */
const GATHER_MS = 5;
/** …or until they are so many bytes. */
const BATCH_BYTES = 1024 * 1024;

const RETRY_MS = 1_000;

/** What a writer has to be given. */
export interface FeedWriterOptions {
	readonly numbers: FolderNumbers;
	readonly budget: MemoryBudget;
	/** Its folder, if it has one. It gets another one when that is removed. */
	readonly folder: string | undefined;
	readonly file: FeedFile;
	/** Something was written, or could not be, or the folder is another one. */
	readonly onChange: () => void;
	/** The lines of a session up to `last` are stored. */
	readonly onStored: (session: string, last: number) => void;
}

/**
 * Takes whole lines at any speed and writes them to a feed's journals, in order and one batch at a
 * time. What can't be written is kept and tried again; who adds lines looks at `heldBytes`.
 */
export class FeedWriter {
	readonly #options: FeedWriterOptions;
	readonly #journals: FeedJournals;
	readonly #queue: Batch[] = [];
	readonly #closing = new AbortController();
	#heldBytes = 0;
	/** feed.json is to be written. */
	#isDirty = false;
	/** The journal is to be closed. */
	#isResting = false;
	#lastWriteMs = 0;
	/** Told apart from `#run`, whose promise settles a moment after its last look at the queue. */
	#isRunning = false;
	#run: Promise<void> = Promise.resolve();
	#trouble: string | undefined;

	constructor(options: FeedWriterOptions) {
		this.#options = options;
		this.#journals = new FeedJournals(options.numbers, options.folder, options.file);
	}

	/** What feed.json should say; call `save` after a change. */
	get file(): FeedFile {
		return this.#journals.file;
	}

	/** Where its journals are; `undefined` as long as there are none. */
	get folder(): string | undefined {
		return this.#journals.folder;
	}

	/** Bytes that are not in a journal yet. */
	get heldBytes(): number {
		return this.#heldBytes;
	}

	/** Why nothing can be written at the moment. */
	get trouble(): string | undefined {
		return this.#trouble;
	}

	/** Adds bytes that are `lines` whole lines. */
	append(session: string, pieces: readonly Buffer[], bytes: number, lines: number): void {
		let batch = this.#queue.at(-1);
		const canGrow =
			batch !== undefined &&
			!batch.isSealed &&
			batch.session === session &&
			batch.startAt === undefined &&
			batch.bytes < BATCH_BYTES;
		if (batch === undefined || !canGrow) {
			batch = new Batch(session);
			this.#queue.push(batch);
		}
		batch.add(pieces, bytes, lines);
		this.#hold(bytes);
	}

	/** Adds one line whose number is `startAt`, which is higher than that of the last one. */
	jump(session: string, startAt: number, line: Buffer): void {
		const batch = new Batch(session, startAt);
		batch.add([line], line.length, 1);
		this.#queue.push(batch);
		this.#hold(line.length);
	}

	/** The number of a session's last line, once all that was added before is stored. */
	lastOf(session: string): Promise<number> {
		const { promise, resolve } = Promise.withResolvers<number>();
		const batch = new Batch(session);
		batch.onStored.push(resolve);
		this.#queue.push(batch);
		this.#wake();
		return promise;
	}

	/** The number of a session's last line as far as it is stored; nothing is begun by asking. */
	lastKnown(session: string): Promise<number> {
		return this.#journals.lastKnown(session);
	}

	/** Goes on with a session whose lines up to `last` are in another feed. */
	adopt(session: string, last: number): void {
		if (last > (this.file.ended[session] ?? 0)) {
			this.file.ended = { ...this.file.ended, [session]: last };
			this.save();
		}
	}

	/** Writes feed.json as `file` is now, if there is a folder. */
	save(): void {
		this.#isDirty = true;
		this.#wake();
	}

	/** Resolves when everything is written. The journal is closed: nothing more comes for a while. */
	async rest(): Promise<void> {
		this.#isResting = true;
		this.#wake();
		while (this.#isRunning) {
			await this.#run;
		}
	}

	/** Tries nothing again any more: what can't be written now is lost. */
	giveUp(): void {
		this.#closing.abort();
	}

	#hold(bytes: number): void {
		this.#heldBytes += bytes;
		this.#options.budget.add(bytes);
		this.#wake();
	}

	#wake(): void {
		if (!this.#isRunning) {
			this.#isRunning = true;
			this.#run = this.#work();
		}
	}

	async #work(): Promise<void> {
		while (this.#isDirty || this.#queue.length > 0 || this.#isResting) {
			try {
				await this.#step();
			} catch (error) {
				this.#trouble = explainWriteError(error, this.#journals.place);
				this.#options.onChange();
				await delay(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => {});
				if (this.#closing.signal.aborted) {
					break;
				}
			}
		}
		this.#isRunning = false;
	}

	async #step(): Promise<void> {
		if (this.#isDirty) {
			this.#isDirty = false;
			try {
				await this.#journals.saveFile();
			} catch (error) {
				this.#isDirty = true;
				throw error;
			}
		}
		const batch = this.#queue[0];
		if (batch !== undefined) {
			await this.#gather(batch);
			const last = await this.#journals.store(batch);
			this.#queue.shift();
			this.#stored(batch, last);
		} else if (this.#isResting) {
			this.#isResting = false;
			await this.#journals.close();
		}
	}

	#stored(batch: Batch, last: number): void {
		this.#trouble = undefined;
		this.#heldBytes -= batch.bytes;
		this.#options.budget.add(-batch.bytes);
		this.#options.onStored(batch.session, last);
		for (const tell of batch.onStored) {
			tell(last);
		}
		this.#options.onChange();
	}

	async #gather(batch: Batch): Promise<void> {
		const waitMs = this.#lastWriteMs + GATHER_MS - performance.now();
		if (waitMs > 0 && batch.lines > 0 && batch.bytes < BATCH_BYTES && this.#queue.length === 1) {
			await delay(waitMs);
		}
		this.#lastWriteMs = performance.now();
	}
}

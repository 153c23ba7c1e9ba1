import { readdir, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import { isJournalFinished, parseJournalName } from '#shared/model/feed-journal.ts';
import type { FeedFile } from '#shared/model/feed-journal.ts';
import type { FeedConfig } from '#shared/model/source.ts';
import { readFeedFile } from '../feed-file.ts';
import type { LogSink } from '../log-sink.ts';
import { FileRewritten } from './check-file.ts';
import type { FileProgress, FollowerProgress } from './follower-progress.ts';
import { FOLLOW_LIMITS } from './following.ts';
import { JournalFile } from './journal-file.ts';
import type { ReadChunk } from './line-reader.ts';
import { explainFileError, isFileError, isMissing } from './log-file.ts';
import { Stop, Stopped } from './stop.ts';
import { FolderWatch } from './watch-folders.ts';

export interface JournalFollowerOptions {
	readonly sink: LogSink;
	/** Resolves when all that the sink was given is on the disk: true; false if it never will be. */
	readonly untilSaved: () => Promise<boolean>;
	readonly onProgress: (progress: FollowerProgress) => void;
}

/** While lines keep coming it is looked so often, … */
const BUSY_MS = 5;
const BUSY_FOR_MS = 50;
/** … otherwise the watcher wakes it, and this is for the events that are lost. */
const WAKE_MS = 250;
const LATELY_MS = 10_000;
const IDLE_MS = 1_000;
/** How often it is looked for new journals, whatever the watcher says … */
const SCAN_MS = 5_000;
/** … and while lines came a moment ago and do not any more: the next journal may have been begun. */
const NEXT_JOURNAL_MS = 20;
/** Numbers alone are told no more often than this. */
const REPORT_MS = 100;

/**
 * Follows the journals of a feed, in the order they were written. They are the receiver's own, so
 * that a name is proof enough of what a file holds. What is stored of them needs no file any more:
 * those that the receiver has finished are deleted then, and not before.
 */
export class JournalFollower {
	readonly #folder: string;
	readonly #options: JournalFollowerOptions;
	readonly #stop = new Stop();
	readonly #files = new Map<string, JournalFile>();
	readonly #buffer = Buffer.allocUnsafe(FOLLOW_LIMITS.chunkBytes);
	/** Finished and read: they are deleted when they are stored. */
	readonly #stored = new Set<JournalFile>();
	/** What can't be done, and why. */
	readonly #problems = new Map<string, unknown>();
	#feed: Pick<FeedFile, 'ended'> = { ended: {} };
	#isDeleting = false;
	#isStopped = false;
	#isBehind = true;
	/** There was something at the last look. */
	#isGrowing = false;
	#readAt = -Infinity;
	/** When the journal that was read last had been written to; milliseconds since 1970. */
	writtenAt: number | undefined;
	#reported: FollowerProgress | undefined;
	#reportedAt = -Infinity;

	constructor({ path }: FeedConfig, options: JournalFollowerOptions) {
		this.#folder = path;
		this.#options = options;
	}

	/**
	 * Follows until `signal` is aborted. What can't be read is said and tried again; it rejects only
	 * with an error of the sink.
	 */
	async run(signal: AbortSignal): Promise<void> {
		const stop = () => this.#stop.stop();
		signal.addEventListener('abort', stop);
		const watch = new FolderWatch(process.env['ASYNCZ_COMPANION_WATCHER'] !== 'off', signal);
		watch.follow([this.#folder]);
		try {
			await this.#follow(watch, signal);
		} catch (error) {
			if (!(error instanceof Stopped)) {
				throw error;
			}
		} finally {
			this.#isStopped = true;
			signal.removeEventListener('abort', stop);
			await watch.close();
			for (const file of this.#files.values()) {
				await file.close();
			}
		}
	}

	async #follow(watch: FolderWatch, signal: AbortSignal): Promise<void> {
		let scannedAt = -Infinity;
		while (!signal.aborted) {
			const now = performance.now();
			const isInPause = now - this.#readAt < BUSY_FOR_MS && !this.#isGrowing;
			const scanMs = isInPause ? NEXT_JOURNAL_MS : SCAN_MS;
			const isScan = watch.needsScan || now - scannedAt >= scanMs;
			watch.takePaths(isScan);
			if (isScan) {
				scannedAt = now;
				await this.#try('scan', () => this.#scan());
			}
			await this.#readAll();
			if (isScan) {
				await this.#findFinished();
			}
			this.#report();
			if (this.#isBehind) {
				await new Promise((resolve) => setImmediate(resolve));
			} else {
				await watch.next(this.#pauseMs());
			}
		}
	}

	#pauseMs(): number {
		const idleMs = performance.now() - this.#readAt;
		return idleMs < BUSY_FOR_MS ? BUSY_MS : idleMs < LATELY_MS ? WAKE_MS : IDLE_MS;
	}

	/** Finds out which journals there are. */
	async #scan(): Promise<void> {
		const names = await readdir(this.#folder);
		const generations = this.#options.sink.generations();
		for (const name of names) {
			const journal = parseJournalName(name);
			if (journal !== undefined && !this.#files.has(name)) {
				const known = generations.findLast(({ place }) => basename(place.path) === name);
				this.#files.set(name, await JournalFile.open(this.#folder, name, journal, known));
			}
		}
		this.#feed = readFeedFile(this.#folder) ?? { ended: {} };
		for (const [name, file] of this.#files) {
			if (!names.includes(name)) {
				this.#files.delete(name);
				this.#problems.delete(name);
				await file.close();
			}
		}
	}

	/** A turn of reading: what was written before comes first. */
	async #readAll(): Promise<void> {
		this.#isBehind = false;
		this.#isGrowing = false;
		for (const file of this.#inOrder()) {
			if (this.#stored.has(file)) {
				continue;
			}
			if (!(await this.#try(file.name, () => this.#readTurn(file)))) {
				// Whatever it was, it is opened anew at the next look.
				this.#files.delete(file.name);
				await file.close();
			} else if (file.isBehind) {
				this.#isBehind = true;
				return;
			}
		}
	}

	async #readTurn(file: JournalFile): Promise<void> {
		for (let taken = 0; taken < FOLLOW_LIMITS.turnBytes;) {
			const { added, chunks } = await file.read(this.#buffer);
			for (const chunk of chunks) {
				await this.#handOver(file, chunk);
			}
			taken += added;
			if (added > 0) {
				this.#isGrowing = true;
				this.#readAt = performance.now();
			}
			if (added < this.#buffer.length) {
				return;
			}
		}
	}

	async #handOver(file: JournalFile, { chunk, identity }: ReadChunk): Promise<void> {
		this.writtenAt = file.writtenAt;
		file.log ??= this.#options.sink.begin(await file.place(), 0);
		await this.#stop.orUntil(this.#options.sink.append(file.log.id, chunk, identity, 'live'));
	}

	/** Looks which journals will never grow, nor be asked for by the receiver again. */
	async #findFinished(): Promise<void> {
		const names = [...this.#files.keys()];
		for (const file of this.#inOrder()) {
			const isFinished = isJournalFinished(file.journal, names, this.#feed);
			if (isFinished && !this.#stored.has(file)) {
				await file.look();
				if (file.isBehind) {
					break;
				}
				const held = file.takeHeld();
				if (held !== undefined) {
					await this.#handOver(file, held);
				}
				this.#stored.add(file);
			}
		}
		if (this.#stored.size > 0 && !this.#isDeleting) {
			this.#isDeleting = true;
			// Not waited for: what is new must not wait for the disk.
			void this.#try('delete', () => this.#deleteStored()).finally(() => {
				this.#isDeleting = false;
			});
		}
	}

	/** Deletes finished journals as soon as they are in the database. */
	async #deleteStored(): Promise<void> {
		const stored = [...this.#stored];
		const isSaved = await this.#options.untilSaved();
		for (const file of isSaved ? stored : []) {
			if (this.#isStopped) {
				return; // the next engine goes on with it
			}
			await rm(file.path, { force: true });
			if (file.log !== undefined) {
				this.#options.sink.close(file.log.id);
			}
			this.#stored.delete(file);
			if (this.#files.delete(file.name)) {
				await file.close();
			}
		}
	}

	/** The order they were written in: sessions that are over first, as they ended. */
	#inOrder(): readonly JournalFile[] {
		const ended = Object.keys(this.#feed.ended);
		const endedAt = ({ journal }: JournalFile): number => {
			const at = ended.indexOf(journal.session);
			return at === -1 ? ended.length : at;
		};
		return [...this.#files.values()].sort(
			(one, other) => endedAt(one) - endedAt(other) || (one.name < other.name ? -1 : 1),
		);
	}

	/** Does something that may fail, and be tried again; whether it was done. */
	async #try(what: string, work: () => Promise<void>): Promise<boolean> {
		try {
			await work();
			this.#problems.delete(what);
			return true;
		} catch (error) {
			if (!(error instanceof FileRewritten) && !isFileError(error)) {
				throw error;
			}
			this.#problems.set(what, error);
			return false;
		}
	}

	#report(): void {
		const progress = this.#progress();
		const isSame =
			progress.state === this.#reported?.state && progress.message === this.#reported.message;
		if (isSame && performance.now() - this.#reportedAt < REPORT_MS) {
			return;
		}
		if (JSON.stringify(progress) !== JSON.stringify(this.#reported)) {
			this.#reported = progress;
			this.#reportedAt = performance.now();
			this.#options.onProgress(progress);
		}
	}

	#progress(): FollowerProgress {
		const files = [...this.#files.values()].map(progressOf);
		const [problem] = this.#problems.values();
		if (problem === undefined) {
			return { state: this.#isBehind ? 'indexing' : 'following', files };
		}
		return isMissing(problem)
			? {
					state: 'missing',
					message: `The journal ${this.#folder} is gone. Its entries stay; if its sender goes on, that is a new source.`,
					files,
				}
			: { state: 'failed', message: messageOf(explainFileError(problem, this.#folder)), files };
	}
}

function progressOf({ log, path, size, heldBytes }: JournalFile): FileProgress {
	return {
		...(log === undefined ? {} : { generation: log.id }),
		path,
		kind: 'journal',
		state: 'following',
		sizeBytes: size,
		heldBytes,
	};
}

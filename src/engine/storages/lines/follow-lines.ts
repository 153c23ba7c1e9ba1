import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import type { StorageFollower } from '../log-storage.ts';
import type { LineFile } from './line-file.ts';
import type { FileSnapshot, LineFiles } from './line-files.ts';
import { entriesOfLine } from './stored-line.ts';
import type { NameEntry } from './query-lines.ts';

/** A watcher is an alarm clock and may fail: files are looked at so often in any case. */
const POLL_MS = 500;

/** Tells followers what comes at the end of files, whoever writes it. */
export class FollowLines {
	readonly #path: string;
	readonly #files: LineFiles;
	readonly #name: NameEntry;
	readonly #followers = new Set<StorageFollower>();
	#position: { readonly file: LineFile; readonly offset: number } | undefined;
	#epoch = 0;
	#problem: string | undefined;
	#watcher: FSWatcher | undefined;
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> = Promise.resolve();
	#isWaiting = false;
	#isClosed = false;

	constructor(path: string, files: LineFiles, name: NameEntry) {
		this.#path = path;
		this.#files = files;
		this.#name = name;
	}

	/** Tells it what comes after this has resolved. */
	async add(follower: StorageFollower): Promise<() => Promise<void>> {
		const adding = this.#after(this.#looking, () => this.#addNow(follower));
		this.#looking = adding.catch(() => {});
		await adding;
		this.#start();
		return async () => {
			this.#followers.delete(follower);
			if (this.#followers.size === 0) {
				this.#stop();
			}
		};
	}

	/** Looks for what has come, soon. */
	look(): void {
		if (this.#isWaiting || this.#followers.size === 0 || this.#isClosed) {
			return;
		}
		this.#isWaiting = true;
		this.#looking = this.#after(this.#looking, () => this.#lookNow());
	}

	/** Nobody is told anything afterwards. */
	async close(): Promise<void> {
		this.#isClosed = true;
		this.#followers.clear();
		this.#stop();
		await this.#looking;
	}

	async #after(earlier: Promise<void>, task: () => Promise<void>): Promise<void> {
		await earlier;
		await task();
	}

	async #addNow(follower: StorageFollower): Promise<void> {
		if (this.#followers.size === 0) {
			await this.#files.read(async (snapshot) => this.#goToEnd(snapshot));
		} else {
			await this.#tell();
		}
		this.#followers.add(follower);
	}

	async #lookNow(): Promise<void> {
		this.#isWaiting = false;
		try {
			await this.#tell();
			this.#say(undefined);
		} catch (error) {
			this.#say(messageOf(error));
		}
	}

	async #tell(): Promise<void> {
		await this.#files.read(async (snapshot) => {
			const { files, epoch } = snapshot;
			const position = this.#position;
			const known = files.findIndex(({ file }) => file === position?.file);
			if (position !== undefined && known === -1) {
				this.#goToEnd(snapshot);
				this.#each((follower) => follower.onReset());
				return;
			}
			for (const { file, end } of files.slice(Math.max(known, 0))) {
				const from = file === position?.file ? position.offset : 0;
				if (end > from) {
					await this.#tellLines(file, from, end);
				}
			}
			if (epoch !== this.#epoch) {
				this.#epoch = epoch;
				this.#each((follower) => follower.onReset());
			}
		});
	}

	async #tellLines(file: LineFile, from: number, end: number): Promise<void> {
		for await (const piece of file.linesFrom(from, end)) {
			const entries = piece.lines.flatMap(({ text, offset }) =>
				entriesOfLine(text, file.arrival).map((entry, part) =>
					this.#name(entry, { file, offset, part }),
				),
			);
			this.#position = { file, offset: piece.end };
			if (entries.length > 0) {
				this.#each((follower) => follower.onEntries(entries));
			}
		}
	}

	#goToEnd({ files, epoch }: FileSnapshot): void {
		const newest = files.at(-1);
		this.#position = newest && { file: newest.file, offset: newest.end };
		this.#epoch = epoch;
	}

	#say(problem: string | undefined): void {
		if (problem !== this.#problem) {
			this.#problem = problem;
			this.#each((follower) => follower.onProblem(problem));
		}
	}

	#each(tell: (follower: StorageFollower) => void): void {
		for (const follower of this.#followers) {
			tell(follower);
		}
	}

	#start(): void {
		if (this.#timer !== undefined || this.#isClosed) {
			return;
		}
		this.#timer = setInterval(() => this.look(), POLL_MS);
		const name = basename(this.#path);
		try {
			this.#watcher = watch(dirname(this.#path), (_, changed) => {
				if (changed === null || changed === name) {
					this.look();
				}
			});
			// Its folder is gone, or there are too many watchers: it is looked at from time to time.
			this.#watcher.on('error', () => this.#watcher?.close());
		} catch {
			this.#watcher = undefined;
		}
	}

	#stop(): void {
		clearInterval(this.#timer);
		this.#watcher?.close();
		this.#timer = undefined;
		this.#watcher = undefined;
	}
}

import { closedError } from '../closed-error.ts';
import type { StorageFollower, StoragePage, StorageQuery, StorageStats } from '../log-storage.ts';
import { fileError } from './file-sentence.ts';
import { FollowLines } from './follow-lines.ts';
import type { LineFile } from './line-file.ts';
import { LineFiles } from './line-files.ts';
import type { FileSnapshot } from './line-files.ts';
import { queryLines } from './query-lines.ts';
import type { LinePlace, NameEntry } from './query-lines.ts';

/** What reading needs to know of the storage it is done for. */
export interface LineReaderOptions {
	/** The file that is written to; what can't be read is said of it. */
	readonly path: string;
	/** All files, the oldest first. */
	readonly paths: () => readonly string[];
	readonly name: NameEntry;
	/** What `name` made an id of: the file's `id`, where it has one of several, and the place in it. */
	readonly place: (id: string) => {
		readonly file?: string;
		readonly offset: number;
		readonly part: number;
	};
}

/** The reading half of a storage of lines: queries, stats, following. */
export class LineReader {
	readonly #options: LineReaderOptions;
	readonly #files: LineFiles;
	readonly #follow: FollowLines;
	readonly #running = new Set<Promise<unknown>>();
	#isClosed = false;

	constructor(options: LineReaderOptions) {
		this.#options = options;
		this.#files = new LineFiles(options.paths);
		this.#follow = new FollowLines(options.path, this.#files, options.name);
	}

	/** See `LogStorage.query`. Nothing stands behind an entry of a file that is gone. */
	query(query: StorageQuery): Promise<StoragePage> {
		const { name, place } = this.#options;
		return this.#read(async ({ files }) => {
			const { before } = query;
			if (before === undefined) {
				return queryLines({ files, name }, query, undefined);
			}
			const { file: id, offset, part } = place(before.id);
			const at = files.find(({ file }) => id === undefined || file.id === id);
			const behind: LinePlace | undefined = at && { file: at.file, offset, part };
			return behind === undefined
				? { entries: [], isEnd: true }
				: queryLines({ files, name }, query, behind);
		});
	}

	/** How many entries and bytes there are. All lines are looked at once for it. */
	stats(): Promise<StorageStats> {
		return this.#read(async ({ files }) => {
			let size = 0;
			let bytes = 0;
			for (const { file, end } of files) {
				size += await countEntries(file, end);
				bytes += end;
			}
			return { size, bytes };
		});
	}

	/** Which file is the oldest, and how many entries it has; `undefined`: there is none. */
	oldest(): Promise<{ readonly inode: string; readonly entries: number } | undefined> {
		return this.#read(async ({ files }) => {
			const [oldest] = files;
			return (
				oldest && {
					inode: oldest.file.inode,
					entries: await countEntries(oldest.file, oldest.end),
				}
			);
		});
	}

	/** See `LogStorage.follow`. */
	follow(follower: StorageFollower): Promise<() => Promise<void>> {
		return this.#run(() => this.#follow.add(follower));
	}

	/** Has followers told what was appended just now. */
	appended(): void {
		this.#follow.look();
	}

	/** Throws what methods reject with after `close`. */
	checkOpen(): void {
		if (this.#isClosed) {
			throw closedError(this.#options.path);
		}
	}

	/** Ends following, waits for what is being read, gives all files back. */
	async close(): Promise<void> {
		this.#isClosed = true;
		await this.#follow.close();
		await Promise.allSettled(this.#running);
		await this.#files.close();
	}

	#read<T>(read: (snapshot: FileSnapshot) => Promise<T>): Promise<T> {
		return this.#run(() => this.#files.read(read));
	}

	async #run<T>(task: () => Promise<T>): Promise<T> {
		this.checkOpen();
		const running = task().catch((error: unknown) => {
			throw fileError(error, this.#options.path, "can't be read");
		});
		this.#running.add(running);
		try {
			return await running;
		} finally {
			this.#running.delete(running);
		}
	}
}

async function countEntries(file: LineFile, end: number): Promise<number> {
	const blocks = await file.blocks.upTo(end);
	return blocks.reduce((sum, { entries }) => sum + entries, 0);
}

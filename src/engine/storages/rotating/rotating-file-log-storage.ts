import type { StorageAbilities } from '#shared/model/storage.ts';
import type { StorageUse } from '../storage-use.ts';
import { LineReader } from '../lines/line-reader.ts';
import { LineWriter } from '../lines/line-writer.ts';
import { findFiles } from '../lines/find-files.ts';
import type { FoundFiles } from '../lines/find-files.ts';
import { recordLine } from '../lines/record-line.ts';
import type {
	LogStorage,
	NewEntry,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
} from '../log-storage.ts';
import { DroppedAccount } from './dropped-account.ts';
import { pathsOf, rotate } from './rotate.ts';
import type { Rotation } from './rotate.ts';

/** Where the files are, and how many there may be. */
export interface RotatingOptions {
	readonly path: string;
	/** No file grows beyond it, unless a single entry does. */
	readonly maxBytes: number;
	/** How many files are kept beside the one that is written: `PATH.1` is the newest of them. */
	readonly backupCount: number;
}

/**
 * AsyncZ's records, one a line as in `JsonlLogStorage`, in files that are rotated when they are full,
 * as Python's `RotatingFileHandler` does it. All of them are queried. An entry is known by what its
 * file begins with and by its byte in it, whatever the file is called by then.
 *
 * Promises: an entry that was acknowledged is on the disk, until it leaves with the oldest file;
 * `dropped` counts those, in `PATH.dropped`. A batch that failed may be there in part, and twice if
 * another process offers it again. Several of these storages may write at once, for they take
 * `PATH.lock` while they rotate; Python's handler knows no such lock and must not write there.
 */
export class RotatingFileLogStorage implements LogStorage {
	readonly abilities: StorageAbilities;
	readonly #maxBytes: number;
	readonly #reader: LineReader;
	readonly #writer: LineWriter;
	readonly #rotation: Rotation;
	/** What of a batch that failed is in files that are full. */
	#written = '';

	private constructor({ path, maxBytes, backupCount }: RotatingOptions, found: FoundFiles) {
		this.abilities = {
			durability: 'disk',
			delivery: 'at-least-once',
			follows: 'poll',
			isShared: true,
			...found,
		};
		this.#maxBytes = maxBytes;
		this.#writer = new LineWriter(path);
		this.#reader = new LineReader({
			path,
			paths: () => pathsOf(path, backupCount),
			name: (entry, { file, offset, part }) => ({
				id: `${file.id}-${offset}${part === 0 ? '' : `.${part}`}`,
				...entry,
			}),
			place: (id) => {
				const [file = '', at = ''] = id.split('-');
				const [offset = 0, part = 0] = at.split('.').map(Number);
				return { file, offset, part };
			},
		});
		this.#rotation = {
			path,
			backupCount,
			account: new DroppedAccount(`${path}.dropped`, `${path}.${backupCount}`),
			reader: this.#reader,
		};
	}

	/**
	 * Opens the files, and creates the first if entries are to be kept in them; their folder has to be
	 * there. Rejects with a sentence.
	 */
	static async open(
		options: RotatingOptions,
		use: StorageUse = 'keep',
	): Promise<RotatingFileLogStorage> {
		const paths = pathsOf(options.path, options.backupCount);
		return new RotatingFileLogStorage(options, await findFiles(paths, use));
	}

	async append(entries: readonly NewEntry[]): Promise<void> {
		this.#reader.checkOpen();
		let lines = entries.map(recordLine);
		const isSame = this.#written !== '' && lines.join('').startsWith(this.#written);
		if (isSame) {
			lines = behind(lines, this.#written.length);
		} else {
			this.#written = '';
		}
		while (lines.length > 0) {
			const size = await this.#writer.size();
			const fitting = this.#fitting(lines, size);
			if (fitting === 0) {
				await rotate(this.#rotation, size);
				continue;
			}
			const text = lines.slice(0, fitting).join('');
			await this.#writer.write(Buffer.from(text));
			this.#written += text;
			lines = lines.slice(fitting);
		}
		this.#written = '';
		this.#reader.appended();
	}

	query(query: StorageQuery): Promise<StoragePage> {
		return this.#reader.query(query);
	}

	async stats(): Promise<StorageStats> {
		const stats = await this.#reader.stats();
		const dropped = await this.#rotation.account.read();
		return dropped === undefined ? stats : { ...stats, appended: stats.size + dropped, dropped };
	}

	follow(follower: StorageFollower): Promise<() => Promise<void>> {
		return this.#reader.follow(follower);
	}

	async close(): Promise<void> {
		await this.#reader.close();
		await this.#writer.close();
	}

	/** How many of these lines the file has room for; an empty one takes any line. */
	#fitting(lines: readonly string[], size: number): number {
		let bytes = size;
		const full = lines.findIndex((line) => {
			bytes += Buffer.byteLength(line);
			return bytes > this.#maxBytes;
		});
		return full === 0 && size === 0 ? 1 : full === -1 ? lines.length : full;
	}
}

/** The lines behind so many UTF-16 units of them. */
function behind(lines: readonly string[], length: number): string[] {
	let left = length;
	return lines.filter((line) => {
		const isWritten = left > 0;
		left -= line.length;
		return !isWritten;
	});
}

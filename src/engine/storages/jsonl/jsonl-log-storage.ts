import type { StorageAbilities } from '#shared/model/storage.ts';
import type { StorageUse } from '../storage-use.ts';
import { LineReader } from '../lines/line-reader.ts';
import { LineWriter } from '../lines/line-writer.ts';
import { recordLine } from '../lines/record-line.ts';
import { findFiles } from '../lines/find-files.ts';
import type { FoundFiles } from '../lines/find-files.ts';
import type {
	LogStorage,
	NewEntry,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
} from '../log-storage.ts';

/**
 * One JSON object a line in one file that only grows, in AsyncZ's form: `jq` reads it, and so does
 * Python with `LogEntry(**json.loads(line))`. An entry is known by the byte at which its line begins,
 * and a line is an entry: one that is no JSON object is shown as text, with a `problem`.
 *
 * Promises: an entry that was acknowledged is on the disk. A batch that failed may be there in part,
 * and if it is then offered by another process, those entries are there twice. Others may append at
 * the same time, if they write whole lines at once (Python does up to 8 KiB). A file that is
 * truncated, replaced or deleted is begun anew.
 */
export class JsonlLogStorage implements LogStorage {
	readonly abilities: StorageAbilities;
	readonly #reader: LineReader;
	readonly #writer: LineWriter;

	private constructor(path: string, found: FoundFiles) {
		this.abilities = {
			durability: 'disk',
			delivery: 'at-least-once',
			follows: 'poll',
			isShared: true,
			...found,
		};
		this.#writer = new LineWriter(path);
		this.#reader = new LineReader({
			path,
			paths: () => [path],
			name: (entry, { offset, part }) => ({
				id: part === 0 ? `${offset}` : `${offset}.${part}`,
				seq: offset + part + 1,
				...entry,
			}),
			place: (id) => {
				const [offset = 0, part = 0] = id.split('.').map(Number);
				return { offset, part };
			},
		});
	}

	/**
	 * Opens the file at `path`, and creates it if entries are to be kept in it; its folder has to be
	 * there. Rejects with a sentence.
	 */
	static async open(path: string, use: StorageUse = 'keep'): Promise<JsonlLogStorage> {
		return new JsonlLogStorage(path, await findFiles([path], use));
	}

	async append(entries: readonly NewEntry[]): Promise<void> {
		this.#reader.checkOpen();
		await this.#writer.write(Buffer.from(entries.map(recordLine).join('')));
		this.#reader.appended();
	}

	query(query: StorageQuery): Promise<StoragePage> {
		return this.#reader.query(query);
	}

	stats(): Promise<StorageStats> {
		return this.#reader.stats();
	}

	follow(follower: StorageFollower): Promise<() => Promise<void>> {
		return this.#reader.follow(follower);
	}

	async close(): Promise<void> {
		await this.#reader.close();
		await this.#writer.close();
	}
}

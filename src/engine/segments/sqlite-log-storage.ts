import { AppError } from '#shared/errors.ts';
import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type { Filter } from '#shared/model/query.ts';
import type { StorageAbilities } from '#shared/model/storage.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import { hashOf, HEAD_BYTES, TAIL_BYTES } from '../file-identity.ts';
import type { FileIdentity, LogSink } from '../log-sink.ts';
import { closedError } from '../storages/closed-error.ts';
import { recordLine } from '../storages/lines/record-line.ts';
import type {
	LogStorage,
	NewEntry,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
	StoredEntry,
} from '../storages/log-storage.ts';
import { SegmentStorage } from './segment-storage.ts';
import type { StorageThreads } from './storage-options.ts';

/** The only source there is. */
const SOURCE = 1;

/** How many whole entries are fetched at once. */
const FETCHED_AT_ONCE = 500;

/**
 * The default database as a member of the family: what is appended is a log of its own, read as any
 * other and kept with its text. An entry's number is its `seq`.
 *
 * Promises: an entry that was acknowledged is on the disk. A batch that is offered again is there
 * twice. One process has the database; what is asked of it is answered by its own threads, but for
 * what only the app knows of entries (`is:late`, `is:repeat`), which is looked for among all.
 */
export class SqliteLogStorage implements LogStorage {
	readonly abilities: StorageAbilities = {
		durability: 'disk',
		delivery: 'at-least-once',
		follows: 'push',
		isShared: false,
	};
	readonly #storage: SegmentStorage;
	readonly #sink: LogSink;
	readonly #log: WrittenLog;
	readonly #followers = new Set<StorageFollower>();
	#closing: Promise<void> | undefined;

	/** Opens or creates the database at `path`. Throws an `AppError` `storage-failed`. */
	constructor(path: string, threads: StorageThreads) {
		this.#storage = new SegmentStorage(path, threads);
		this.#storage.setPolicy({ keepsText: true, retention: { rows: 0, bytes: 0, days: 0 } });
		this.#sink = this.#storage.sink(SOURCE, () => {});
		// Nothing more will come of what earlier processes wrote.
		for (const { id, isClosed } of this.#sink.generations()) {
			if (!isClosed) {
				this.#sink.close(id);
			}
		}
		const place = { path: '', kind: 'journal', device: '', inode: '', birth: '' } as const;
		this.#log = new WrittenLog(this.#sink.begin(place, 0).id);
	}

	async append(entries: readonly NewEntry[]): Promise<void> {
		this.#checkOpen();
		const bytes = Buffer.from(entries.map(recordLine).join(''));
		const before = this.#storage.stats().watermark;
		const offset = this.#log.end;
		await this.#sink.append(this.#log.id, { bytes, offset }, this.#log.add(bytes), 'live');
		if (!(await this.#storage.untilSaved())) {
			throw new AppError('storage-failed', 'The database can no longer be written: open it again.');
		}
		if (this.#followers.size > 0) {
			const { watermark } = this.#storage.stats();
			const added = await this.#page({ arrived_after: before, up_to: watermark }, entries.length);
			for (const follower of this.#followers) {
				follower.onEntries(added.toReversed());
			}
		}
	}

	async query(query: StorageQuery): Promise<StoragePage> {
		this.#checkOpen();
		const { filter, matches, order, limit, before } = query;
		const own = ownFilter(filter);
		const up_to = Math.min(filter.up_to ?? Infinity, this.#storage.stats().watermark);
		const found: StoredEntry[] = [];
		let last = before;
		// One more than is wanted: so it is known whether that is all.
		while (found.length <= limit) {
			const wanted = own === undefined ? FETCHED_AT_ONCE : limit + 1 - found.length;
			const page = await this.#behind({ ...own, up_to }, order, wanted, last);
			found.push(...page.filter(matches));
			last = page.at(-1);
			if (page.length < wanted) {
				break;
			}
		}
		return { entries: found.slice(0, limit), isEnd: found.length <= limit };
	}

	async stats(): Promise<StorageStats> {
		this.#checkOpen();
		const { size, appended, dropped, bytes } = this.#storage.stats();
		return { size, appended, dropped, bytes };
	}

	async follow(follower: StorageFollower): Promise<() => Promise<void>> {
		this.#checkOpen();
		this.#followers.add(follower);
		return async () => void this.#followers.delete(follower);
	}

	close(): Promise<void> {
		this.#followers.clear();
		this.#closing ??= this.#storage.close();
		return this.#closing;
	}

	/** The entries of a filter that stand behind another one. */
	async #behind(
		filter: Filter & { readonly up_to: number },
		order: StorageQuery['order'],
		limit: number,
		before: StoredEntry | undefined,
	): Promise<readonly StoredEntry[]> {
		if (before?.seq === undefined) {
			return this.#page(filter, limit, { order });
		}
		const { ts, seq } = before;
		if (order === 'arrival') {
			return this.#page({ ...filter, up_to: Math.min(filter.up_to, seq - 1) }, limit);
		}
		const above = await this.#whole(
			() => this.#storage.count({ ...filter, above: { ts, seq } }),
			({ complete }) => complete,
		);
		// The entry itself stands between.
		return this.#page(filter, limit, { order, offset: above.matched + 1 });
	}

	async #page(
		filter: Filter,
		limit: number,
		wish: { readonly order?: StorageQuery['order']; readonly offset?: number } = {},
	): Promise<readonly StoredEntry[]> {
		const { rows } = await this.#whole(
			() => this.#storage.query({ ...filter, ...wish, limit }),
			({ complete }) => complete,
		);
		const entries: StoredEntry[] = [];
		for (let from = 0; from < rows.length; from += FETCHED_AT_ONCE) {
			const some = rows.slice(from, from + FETCHED_AT_ONCE);
			const whole = await Promise.all(some.map(({ seq }) => this.#storage.get(seq)));
			entries.push(...whole.filter((entry) => entry !== undefined).map(storedEntry));
		}
		return entries;
	}

	/** Answers end when they have taken their time; asked again, they go on. */
	async #whole<T>(ask: () => Promise<T>, isWhole: (answer: T) => boolean): Promise<T> {
		let answer = await ask();
		while (!isWhole(answer)) {
			answer = await ask();
		}
		return answer;
	}

	#checkOpen(): void {
		if (this.#closing !== undefined) {
			throw closedError('SQLite');
		}
	}
}

/** A log that is nowhere but here: what is known of it is kept up as bytes are added. */
class WrittenLog {
	readonly id: number;
	end = 0;
	#head: Buffer = Buffer.alloc(0);
	#tail: Buffer = Buffer.alloc(0);

	constructor(id: number) {
		this.id = id;
	}

	add(bytes: Buffer): FileIdentity {
		this.end += bytes.length;
		this.#head = Buffer.concat([this.#head, bytes.subarray(0, HEAD_BYTES)]).subarray(0, HEAD_BYTES);
		this.#tail = Buffer.concat([this.#tail, bytes.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
		return {
			headLength: this.#head.length,
			head: hashOf(this.#head),
			tailLength: this.#tail.length,
			tail: hashOf(this.#tail),
			end: this.end,
		};
	}
}

/** What the database is asked for itself; `undefined`: for everything, and it is chosen from that. */
function ownFilter(given: Filter): Filter | undefined {
	const { source, ...filter } = normalizeFilter(given);
	const needs = [filter.query, filter.also].map((text) => needsOf(parseQuery(text ?? '').root));
	const isOwn = source === undefined && !needs.some((need) => need.late || need.repeat);
	return isOwn && !needs.some(({ sources }) => sources) ? filter : undefined;
}

function storedEntry(entry: LogEntry): StoredEntry {
	const { seq, ts, level, message, logger, task_id, extra, quarantine, extraProblem } = entry;
	const problem = quarantine ?? extraProblem;
	return {
		id: String(seq),
		seq,
		ts,
		level,
		message,
		logger,
		...(task_id === undefined ? {} : { task_id }),
		...(extra === undefined ? {} : { extra }),
		...(problem === undefined ? {} : { raw: entry.raw, problem }),
	};
}

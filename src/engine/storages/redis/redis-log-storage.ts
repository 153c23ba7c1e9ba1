import { randomUUID } from 'node:crypto';
import type { StorageAbilities } from '#shared/model/storage.ts';
import type {
	EntryOrigin,
	LogStorage,
	NewEntry,
	OwnAnswers,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
	StoredEntry,
} from '../log-storage.ts';
import type { StorageUse } from '../storage-use.ts';
import { originText } from './entry-origin.ts';
import { queryStream } from './query-stream.ts';
import { RedisConnection } from './redis-connection.ts';
import type { RedisAddress, Reply } from './redis-connection.ts';
import { RedisStream, streamEntries } from './redis-stream.ts';
import { checkStream } from './other-streams.ts';
import { findAbilities } from './server-facts.ts';
import { StreamFollowing } from './stream-follower.ts';
import { idOfSeq } from './stream-id.ts';
import { streamState } from './stream-state.ts';
import { fieldsOf } from './written-fields.ts';

/** Commands that are sent before their answers are waited for. */
const MAX_COMMANDS = 1_000;
const MAX_CHARACTERS = 2 ** 22;

/** What the server is may change: a replica becomes a primary. It is asked again after this time. */
const ABILITIES_MS = 30_000;

/**
 * Entries in a stream of a Redis server (5.0 or newer) that many may write to and read: each is an
 * entry of the stream with AsyncZ's fields as strings, readable by a Python node with the seed's
 * `LogEntry(**fields)`; `readFields` says what is read of theirs.
 *
 * Promises:
 * - What was acknowledged is in the server's memory, and on its disk as `abilities` says. The stream
 *   keeps about `maxlen` entries, the newest (`XADD … MAXLEN ~`).
 * - At least once: after a failure an entry that is offered again may stand in the stream twice.
 *   It has its origin in `extra` (`withOrigin`), by which copies are recognised when they are read
 *   (`ToldEntries`: among the last 50,000 entries at least): `query` and `follow` tell one of them,
 *   while `stats` counts what is there.
 * - The order of arrival is that of the ids, which the server gives out; `seq` is made of the id
 *   (`seqOf`). If one is met that has no room in a number, no entry has a `seq` from then on, and
 *   followers are told to read again.
 * - A query in order of time reads the whole stream for each page, one in order of arrival as much
 *   as it needs; either keeps a page in memory and no more.
 */
export class RedisLogStorage implements LogStorage {
	readonly own: OwnAnswers = { get: async (seq) => await this.#get(seq) };
	readonly #address: RedisAddress;
	readonly #password: string | undefined;
	readonly #connection: RedisConnection;
	readonly #stream: RedisStream;
	readonly #followings = new Set<StreamFollowing>();
	/** Given to entries that come without an origin. */
	readonly #writer = randomUUID();
	#written = 0;
	/** Entries of an append that was refused in part, which the server has nevertheless. */
	readonly #taken = new Set<string>();
	#isClosed = false;
	#abilities: StorageAbilities;
	#abilitiesAt = performance.now();

	/** Connects and looks what is there. Rejects with a sentence, `storage-failed`. */
	static async open(
		address: RedisAddress,
		password?: string,
		use: StorageUse = 'keep',
	): Promise<RedisLogStorage> {
		const connection = new RedisConnection(address, password);
		try {
			const abilities = await findAbilities(connection);
			if (use === 'read') {
				await checkStream(connection);
			}
			return new RedisLogStorage(address, password, connection, abilities);
		} catch (error) {
			connection.close();
			throw error;
		}
	}

	private constructor(
		address: RedisAddress,
		password: string | undefined,
		connection: RedisConnection,
		abilities: StorageAbilities,
	) {
		this.#address = address;
		this.#password = password;
		this.#connection = connection;
		this.#stream = new RedisStream(connection);
		this.#abilities = abilities;
	}

	get abilities(): StorageAbilities {
		return this.#abilities;
	}

	async append(entries: readonly NewEntry[]): Promise<void> {
		let batch: EntryWithOrigin[] = [];
		let characters = 0;
		for (const entry of entries) {
			const origin = entry.origin ?? { writer: this.#writer, number: ++this.#written };
			if (this.#taken.has(originText(origin))) {
				continue;
			}
			batch.push({ entry, origin });
			characters += entry.message.length + (entry.extra?.length ?? 0);
			if (batch.length === MAX_COMMANDS || characters > MAX_CHARACTERS) {
				await this.#add(batch);
				batch = [];
				characters = 0;
			}
		}
		await this.#add(batch);
		this.#taken.clear();
	}

	async query(query: StorageQuery): Promise<StoragePage> {
		return await queryStream(this.#stream, query);
	}

	async stats(): Promise<StorageStats> {
		const { key } = this.#connection.place;
		const [length, info, bytes] = await this.#connection.sendAll([
			['XLEN', key],
			['XINFO', 'STREAM', key],
			['MEMORY', 'USAGE', key],
		]);
		if (length instanceof Error) {
			throw length;
		}
		if (performance.now() > this.#abilitiesAt + ABILITIES_MS) {
			this.#abilities = await findAbilities(this.#connection);
			this.#abilitiesAt = performance.now();
		}
		const size = Number(length ?? 0);
		const added = info instanceof Error ? undefined : streamState(info ?? null)?.added;
		return {
			size,
			...(added === undefined ? {} : { appended: added, dropped: Math.max(added - size, 0) }),
			...(typeof bytes === 'number' ? { bytes } : {}),
		};
	}

	async follow(follower: StorageFollower): Promise<() => Promise<void>> {
		const connection = new RedisConnection(this.#address, this.#password);
		const following = new StreamFollowing(connection, this.#stream, follower);
		if (this.#isClosed) {
			connection.close();
		}
		this.#followings.add(following);
		const stop = async () => {
			this.#followings.delete(following);
			await following.stop();
		};
		try {
			await following.start();
		} catch (error) {
			await stop();
			throw error;
		}
		return stop;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		const followings = [...this.#followings];
		this.#followings.clear();
		await Promise.all(followings.map((following) => following.stop()));
		this.#connection.close();
	}

	/** Rejects if one was refused; those that were not are not added again when they are offered. */
	async #add(batch: readonly EntryWithOrigin[]): Promise<void> {
		if (batch.length === 0) {
			return;
		}
		const { key, maxlen } = this.#address;
		const add = ['XADD', key, 'MAXLEN', '~', String(maxlen), '*'];
		const commands = batch.map(({ entry, origin }) => [...add, ...fieldsOf(entry, origin)]);
		const replies = await this.#connection.sendAll(commands).catch((error: unknown) => {
			// The server may have ended, and forgotten them.
			this.#taken.clear();
			throw error;
		});
		for (const [index, { origin }] of batch.entries()) {
			if (typeof replies[index] === 'string') {
				this.#taken.add(originText(origin));
			}
		}
		const refused = replies.find(isError);
		if (refused !== undefined) {
			throw refused;
		}
	}

	async #get(seq: number): Promise<StoredEntry | undefined> {
		if (!this.#stream.hasNumbers) {
			return undefined;
		}
		const id = idOfSeq(seq);
		const { key } = this.#connection.place;
		const found = streamEntries(await this.#connection.send(['XRANGE', key, id, id]));
		const [entry] = this.#stream.read(found);
		return entry === undefined ? undefined : this.#stream.numbered(entry);
	}
}

interface EntryWithOrigin {
	readonly entry: NewEntry;
	readonly origin: EntryOrigin;
}

function isError(reply: Reply | Error): reply is Error {
	return reply instanceof Error;
}

import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '#shared/errors.ts';
import type { StorageFollower } from '../log-storage.ts';
import type { StreamEntry } from './read-fields.ts';
import type { RedisConnection, Reply } from './redis-connection.ts';
import { isNoKey } from './redis-problem.ts';
import { nextCount, streamEntries } from './redis-stream.ts';
import type { RedisStream } from './redis-stream.ts';
import { compareIds, FIRST_ID } from './stream-id.ts';
import { streamState } from './stream-state.ts';
import type { StreamState } from './stream-state.ts';

const FIRST_COUNT = 200;

/** How long the server waits for an entry before it says that there is none. */
const BLOCK_MS = 1_000;

/** Where many write, entries are taken in a few turns instead of one by one. */
const PAUSE_MS = 10;

/** How often it is asked whether entries left. */
const CHECK_MS = 1_000;

/**
 * A stream that is full loses its oldest entries all the time: that is told as seldom as AsyncZ's
 * own dashboard looks for something new.
 */
const TRIM_RESET_MS = 10_000;

const RETRY_MS = [250, 500, 1_000, 2_000, 5_000] as const;

/** What is known of the stream, to be compared with what it is later. */
interface Known {
	readonly firstId: string | undefined;
	/** Entries there were, with those that were told since. */
	length: number;
}

/**
 * Follows the stream by blocking reads on a connection of its own, from the id it has. Every second
 * it compares the length of the stream with what it should be by the entries that came, so that it
 * hears of trimming, deletion and whatever else was done to the key. After a failure it goes on from
 * the same id.
 */
export class StreamFollowing {
	readonly #connection: RedisConnection;
	readonly #stream: RedisStream;
	readonly #follower: StorageFollower;
	readonly #ended = new AbortController();
	#position = FIRST_ID;
	#count = FIRST_COUNT;
	#known: Known = { firstId: undefined, length: 0 };
	#hadNumbers: boolean;
	#checkAt = 0;
	#resetAt = 0;
	#isTrimmed = false;
	#problem: string | undefined;
	#running: Promise<void> | undefined;

	constructor(connection: RedisConnection, stream: RedisStream, follower: StorageFollower) {
		this.#connection = connection;
		this.#stream = stream;
		this.#follower = follower;
		this.#hadNumbers = stream.hasNumbers;
	}

	/** Resolves once whatever comes is going to be told. */
	async start(): Promise<void> {
		const state = await this.#state();
		if (state !== undefined) {
			this.#position = state.lastId;
			this.#known = { firstId: state.firstId, length: state.length };
		}
		this.#checkAt = performance.now() + CHECK_MS;
		this.#running = this.#run();
	}

	/** Tells nothing any more from now on. */
	async stop(): Promise<void> {
		this.#ended.abort();
		this.#connection.close();
		await this.#running;
	}

	async #run(): Promise<void> {
		let failures = 0;
		while (!this.#isOver) {
			try {
				await this.#turn();
				failures = 0;
				this.#tellProblem(undefined);
			} catch (error) {
				this.#tellProblem(messageOf(error));
				// Whatever was done to it meanwhile is looked for first.
				this.#checkAt = 0;
				await this.#wait(RETRY_MS[failures++] ?? 5_000);
			}
		}
	}

	async #turn(): Promise<void> {
		if (performance.now() >= this.#checkAt) {
			await this.#check();
			this.#checkAt = performance.now() + CHECK_MS;
		}
		const { entries, isAll } = await this.#read(['BLOCK', String(BLOCK_MS)]);
		this.#known.length += entries.length;
		this.#tell(entries);
		if (entries.length > 0 && isAll) {
			await this.#wait(PAUSE_MS);
		}
	}

	/**
	 * What came up to the last id that the server names is read before both are compared: then its
	 * length must be what it was and that. It is no matter what comes in between.
	 */
	async #check(): Promise<void> {
		const state = await this.#state();
		if (state === undefined) {
			if (this.#known.length > 0) {
				this.#reset();
			}
			this.#position = FIRST_ID;
			this.#known = { firstId: undefined, length: 0 };
			return;
		}
		if (compareIds(state.lastId, this.#position) < 0) {
			this.#position = state.lastId;
			this.#known = { firstId: state.firstId, length: state.length };
			this.#reset();
			return;
		}
		let more = 0;
		for (let isRead = false; !isRead && !this.#isOver;) {
			const { entries, isAll } = await this.#read();
			const later = entries.filter(([id]) => compareIds(id, state.lastId) > 0).length;
			this.#known.length += entries.length - later;
			more += later;
			isRead = later > 0 || isAll;
			this.#tell(entries);
		}
		this.#compare(state, more);
		if (compareIds(state.lastId, this.#position) > 0) {
			// The newest ones were deleted before they could be read.
			this.#position = state.lastId;
		}
	}

	#compare(state: StreamState, more: number): void {
		const { firstId, length } = this.#known;
		if (length !== state.length) {
			if (firstId === state.firstId || firstId === undefined || length < state.length) {
				this.#reset();
			} else {
				this.#isTrimmed = true;
			}
		}
		this.#known = { firstId: state.firstId, length: state.length + more };
		const isTold = this.#hadNumbers === this.#stream.hasNumbers;
		if (!isTold || (this.#isTrimmed && performance.now() >= this.#resetAt)) {
			this.#reset();
		}
	}

	#reset(): void {
		this.#isTrimmed = false;
		this.#hadNumbers = this.#stream.hasNumbers;
		this.#resetAt = performance.now() + TRIM_RESET_MS;
		this.#stream.forget();
		if (!this.#isOver) {
			this.#follower.onReset();
		}
	}

	#tell(entries: readonly StreamEntry[]): void {
		if (this.#isOver) {
			return;
		}
		const read = this.#stream.read(entries);
		if (read.length > 0) {
			this.#follower.onEntries(read.map((entry) => this.#stream.numbered(entry)));
		}
	}

	#tellProblem(problem: string | undefined): void {
		if (problem !== this.#problem && !this.#isOver) {
			this.#problem = problem;
			this.#follower.onProblem(problem);
		}
	}

	/** Entries behind the position, which is moved. `isAll`: there were no more. */
	async #read(options: readonly string[] = []): Promise<{
		readonly entries: readonly StreamEntry[];
		readonly isAll: boolean;
	}> {
		const { key } = this.#connection.place;
		const count = ['COUNT', String(this.#count)];
		const reply = await this.#connection.send([
			'XREAD',
			...count,
			...options,
			'STREAMS',
			key,
			this.#position,
		]);
		const [, found] = Array.isArray(reply) ? ((reply[0] ?? []) as readonly Reply[]) : [];
		const entries = found === undefined ? [] : streamEntries(found);
		const isAll = entries.length < this.#count;
		if (entries.length > 0) {
			this.#position = entries.at(-1)?.[0] ?? this.#position;
			this.#count = nextCount(entries, this.#count);
		}
		return { entries, isAll };
	}

	/** `undefined`: there is no stream. */
	async #state(): Promise<StreamState | undefined> {
		const { key } = this.#connection.place;
		const [reply] = await this.#connection.sendAll([['XINFO', 'STREAM', key]]);
		if (reply instanceof AppError) {
			if (isNoKey(reply)) {
				return undefined;
			}
			throw reply;
		}
		return reply === undefined ? undefined : streamState(reply);
	}

	async #wait(ms: number): Promise<void> {
		await delay(ms, undefined, { signal: this.#ended.signal }).catch(() => undefined);
	}

	get #isOver(): boolean {
		return this.#ended.signal.aborted;
	}
}

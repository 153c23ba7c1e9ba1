import type { Client } from '#shared/rpc/rpc.ts';
import type { Segment, SeqRange } from '../segment/segment.ts';
import { wantedBetween } from '../sqlite/forwards.ts';
import type { Forward } from '../sqlite/forwards.ts';
import type { WriterApi } from '../sqlite/writer-api.ts';
import type { StoragePolicy } from '../storage-options.ts';
import type { SegmentIndex } from './segment-index.ts';

/** A storage that is fed from here, as it is doing now. */
export interface FedStorage {
	/** How far it has come. */
	readonly forward: Forward;
	/** Entries before this `seq` are all read: it can be given them. */
	readonly readBefore: number;
	/** It takes nothing at the moment. */
	readonly isStuck: boolean;
	/** It is there to be looked at, and can't be written to: nothing is kept for it, and nothing waits. */
	readonly isReadOnly: boolean;
	/** These entries have left: those that it was not given are missed. */
	left(entries: readonly SeqRange[]): void;
	/** These have come: those that stand where it is given no more are missed. */
	came(entries: SeqRange): void;
}

export interface SpoolOptions {
	readonly index: SegmentIndex;
	readonly forwards: readonly Forward[];
	readonly writer: () => Client<WriterApi>;
	/** Bytes of the database that hold something. */
	readonly used: () => number;
	readonly policy: () => StoragePolicy;
}

/**
 * Keeps entries for the storages that are fed from this database until they have taken them: they
 * leave by no bound of the user's before, and when they become too many what is live waits. History
 * never waits: storages are given entries in order of arrival, and so wait for history themselves.
 */
export class Spool {
	readonly #options: SpoolOptions;
	readonly #forwards: Map<string, Forward>;
	#fed: readonly FedStorage[] = [];
	#bound = 0;
	#full: string | undefined;
	#waiting: (() => void)[] = [];
	#onFull: (address: string | undefined) => void = () => {};
	#isClosed = false;

	constructor(options: SpoolOptions) {
		this.#options = options;
		this.#forwards = new Map(options.forwards.map((forward) => [forward.address, forward]));
	}

	/** How far a storage has come, if it was ever used. */
	forward(address: string): Forward | undefined {
		return this.#forwards.get(address);
	}

	/** Remembers how far one has come. Rejects with `storage-failed`; it is known until the end then. */
	async save(forward: Forward): Promise<void> {
		this.#forwards.set(forward.address, forward);
		await this.#options.writer().saveForward(forward);
	}

	/**
	 * Which storages are fed from now on, and how many bytes of the database may be kept for each; 0: no
	 * bound.
	 */
	feed(fed: readonly FedStorage[], bound: number): void {
		this.#fed = fed;
		this.#bound = bound;
		this.look();
	}

	/** Tells one listener for which storage too much is kept, from now on; `undefined`: there is room. */
	listen(onFull: (address: string | undefined) => void): void {
		this.#onFull = onFull;
	}

	/** A `seq` behind which there are so many entries, or all. */
	before(entries: number): number {
		return this.#options.index.before(entries);
	}

	/** Entries behind a `seq`. */
	waiting(after: number): number {
		return this.#options.index.behind(after).rows;
	}

	/**
	 * Whether somebody still wants entries of a segment, `used` bytes being in the database. Beyond the
	 * user's bound and what may be kept for others together they go all the same: history that takes
	 * longer to be read than there is room for it.
	 */
	isWanted({ seq, rows }: Segment, used: number): boolean {
		const { bytes } = this.#options.policy().retention;
		const isBeyond = bytes > 0 && this.#bound > 0 && used > bytes + this.#bound;
		const last = seq + rows - 1;
		return (
			!isBeyond &&
			this.#fed.some(
				({ forward, isReadOnly }) => !isReadOnly && wantedBetween(forward, seq, last) > 0,
			)
		);
	}

	/** These entries have left: those that were still wanted are missed. */
	left(entries: readonly SeqRange[]): void {
		for (const fed of this.#fed) {
			fed.left(entries);
		}
	}

	/** Rows were read, perhaps too late for storages that have come further. */
	cameBehind(seq: number, rows: number): void {
		for (const fed of rows > 0 ? this.#fed : []) {
			fed.came({ from: seq, to: seq + rows - 1 });
		}
	}

	/** Resolves when there is room for more that is live. */
	async room(): Promise<void> {
		while (this.#full !== undefined && !this.#isClosed) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	/** Something has come or was taken: whether there is room may be another matter now. */
	look(): void {
		const full = this.#fed.find((fed) => this.#isTooMuch(fed))?.forward.address;
		if (full !== this.#full) {
			this.#full = full;
			this.#onFull(full);
		}
		if (full === undefined) {
			this.#wake();
		}
	}

	/** Nobody waits any more. */
	close(): void {
		this.#isClosed = true;
		this.#wake();
	}

	/** Within what the user lets the database take, one that works may take its time. */
	#isTooMuch({ forward, readBefore, isStuck, isReadOnly }: FedStorage): boolean {
		const { index, used, policy } = this.#options;
		const { bytes } = policy().retention;
		if (this.#bound === 0 || isReadOnly || (!isStuck && (bytes === 0 || used() <= bytes))) {
			return false;
		}
		const from = Math.max(forward.after, forward.since);
		return index.behind(from, readBefore - 1).share * used() > this.#bound;
	}

	#wake(): void {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const wake of waiting) {
			wake();
		}
	}
}

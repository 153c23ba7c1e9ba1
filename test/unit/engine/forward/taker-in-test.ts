import { onTestFinished } from 'vitest';
import { Forwarder } from '#engine/forward/forwarder.ts';
import type { SegmentStorage } from '#engine/segments/segment-storage.ts';
import type { Forward } from '#engine/segments/sqlite/forwards.ts';
import type { NewEntry } from '#engine/storages/log-storage.ts';
import { until } from '../../../support/until.ts';

export const ADDRESS = 'jsonl:/all.jsonl';

/** How far a storage is that was given nothing yet. */
export const AT_START: Forward = {
	address: ADDRESS,
	writer: 'w1',
	after: 0,
	begun: 0,
	had_after: 0,
	had_to: 0,
	since: 0,
	missed: 0,
	before: '',
	before_to: 0,
};

/** A storage that keeps what it takes in memory, and refuses when it is told to. */
export class TakerInTest {
	readonly taken: NewEntry[] = [];
	/** Numbers of each batch it was offered, taken or not. */
	readonly offered: (readonly number[])[] = [];
	/** Who offered it: one name for each batch. */
	readonly writers: (string | undefined)[] = [];
	/** What it rejects with. */
	failure: string | undefined;
	/** Until this resolves it answers nothing. */
	held: Promise<void> | undefined;
	/** The last number of each writer, as a storage that has each entry once knows it. */
	readonly #last = new Map<string | undefined, number>();

	readonly append = async (entries: readonly NewEntry[]): Promise<void> => {
		this.offered.push(entries.map(({ origin }) => origin?.number ?? -1));
		this.writers.push(entries[0]?.origin?.writer);
		await this.held;
		if (this.failure !== undefined) {
			throw new Error(this.failure);
		}
		for (const entry of entries) {
			const { writer, number = 0 } = entry.origin ?? {};
			if (number > (this.#last.get(writer) ?? -1)) {
				this.#last.set(writer, number);
				this.taken.push(entry);
			}
		}
	};

	get messages(): readonly string[] {
		return this.taken.map(({ message }) => message);
	}

	/** Waits until it has so many entries. */
	async untilTaken(entries: number): Promise<void> {
		await until(`${entries} to be taken`, () => this.taken.length >= entries, {
			deadlineMs: 20_000,
			instead: () => this.taken.length,
		});
	}
}

/** Forwards what a storage has, until the test ends. */
export function forwardTo(
	taker: TakerInTest,
	storage: SegmentStorage,
	options: {
		readonly forward?: Forward;
		readonly readBefore?: () => number;
		readonly retryMs?: number;
	} = {},
): Forwarder {
	const forwarder: Forwarder = new Forwarder({
		local: storage,
		forward: options.forward ?? AT_START,
		handedOn: undefined,
		append: taker.append,
		readBefore: options.readBefore ?? (() => Infinity),
		onChange: () => storage.spoolChanged(),
		retryMs: [options.retryMs ?? 5],
	});
	storage.spool.feed([forwarder], 0);
	onTestFinished(() => forwarder.stop());
	return forwarder;
}

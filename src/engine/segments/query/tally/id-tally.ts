import type { Dictionary, DictionaryKind } from '../../segment/dictionary.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';

const NONE = new Uint32Array(0);

/** Counts by id while rows are added: an array that has room for all ids, and those that came. */
class Counter {
	counts = new Uint32Array(1_024);
	ids = new Uint32Array(1_024);
	size = 0;

	reserve(ids: number): void {
		if (ids > this.counts.length) {
			// It is empty between two uses.
			this.counts = new Uint32Array(ids * 2);
			this.ids = new Uint32Array(ids * 2);
		}
	}
}

/** How many rows have which id of a dictionary; 0 is that they have none. */
export class IdTally implements Tally {
	readonly #kind: DictionaryKind;
	readonly #dictionary: Dictionary;
	readonly #counter: Counter;
	#ids = NONE;
	#counts = NONE;

	constructor(kind: DictionaryKind, dictionary: Dictionary, counter: Counter) {
		this.#kind = kind;
		this.#dictionary = dictionary;
		this.#counter = counter;
	}

	/** Counts by one column. Of those tallies one at a time has rows added. */
	static kind(kind: DictionaryKind, dictionary: Dictionary): TallyKind<IdTally> {
		const counter = new Counter();
		return { name: kind, create: () => new IdTally(kind, dictionary, counter) };
	}

	get bytes(): number {
		return this.#ids.byteLength + this.#counts.byteLength;
	}

	begin(): void {
		const counter = this.#counter;
		counter.reserve(this.#dictionary.count(this.#kind) + 1);
		counter.ids.set(this.#ids);
		counter.size = this.#ids.length;
		this.addTo(counter.counts);
	}

	add({ resident, rows, count }: FoundRows): void {
		const column = resident.columns[this.#kind];
		const { counts, ids } = this.#counter;
		let { size } = this.#counter;
		for (let index = 0; index < count; index++) {
			const id = column[rows[index] ?? 0] ?? 0;
			const before = counts[id] ?? 0;
			if (before === 0) {
				ids[size++] = id;
			}
			counts[id] = before + 1;
		}
		this.#counter.size = size;
	}

	end(): void {
		const { counts, ids, size } = this.#counter;
		this.#ids = ids.slice(0, size);
		this.#counts = this.#ids.map((id) => counts[id] ?? 0);
		for (const id of this.#ids) {
			counts[id] = 0;
		}
	}

	/** Adds what it has counted to counts by id, so many times. */
	addTo(counts: Uint32Array, times = 1): void {
		const ids = this.#ids;
		for (let index = 0; index < ids.length; index++) {
			const id = ids[index] ?? 0;
			counts[id] = (counts[id] ?? 0) + (this.#counts[index] ?? 0) * times;
		}
	}
}

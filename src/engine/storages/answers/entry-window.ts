import { LATE_MICROS } from '#shared/model/entry.ts';
import { patternOf } from '#shared/query/pattern.ts';
import { severityClass } from '../../shapes/histogram.ts';
import type { StoredEntry } from '../log-storage.ts';
import { levelOf, QueryableEntry, severityOfLevel } from '../queryable-entry.ts';
import { TimeOrder } from '../time-order.ts';

/** What is remembered of entries is remembered of so many at once. */
export const BLOCK_ENTRIES = 1_024;

/** A stored entry with its number in the order of arrival. */
export interface NumberedEntry {
	readonly stored: StoredEntry;
	readonly seq: number;
}

/** What is known of whether an entry is a repeat. */
const Known = { nothing: 0, other: 1, repeat: 2 } as const;

/** What many entries side by side are counted by, each at its place in the block. */
export interface BlockColumns {
	readonly seqs: Float64Array;
	readonly ts: Float64Array;
	/** Places among `SEVERITY_CLASSES`. */
	readonly classes: Uint8Array;
}

interface Block extends BlockColumns {
	readonly stored: StoredEntry[];
	readonly repeats: Uint8Array;
	/** By how many microseconds, by place in the block. */
	readonly late: Map<number, number>;
}

/**
 * The newest entries of a storage, as they came, each by its place: whole numbers from `first` to
 * `end − 1`, which it keeps while it is there.
 */
export class EntryWindow {
	readonly #most: number;
	readonly #blocks = new Map<number, Block>();
	#first = 0;
	#end = 0;
	#newestTs = -Infinity;
	#times: TimeOrder | undefined;
	#hasOwnNumbers = true;

	/** It keeps `most` entries: the newest ones. */
	constructor(most: number) {
		this.#most = most;
	}

	/** The place of the oldest entry. */
	get first(): number {
		return this.#first;
	}

	/** The place of the entry that comes next. */
	get end(): number {
		return this.#end;
	}

	get size(): number {
		return this.#end - this.#first;
	}

	/** Whether all entries have numbers of the storage. */
	get hasOwnNumbers(): boolean {
		return this.#hasOwnNumbers;
	}

	/** The `seq` of the newest entry; 0 if there is none. */
	get newestSeq(): number {
		return this.size === 0 ? 0 : this.seq(this.#end - 1);
	}

	/** Whether it has an entry by its id; one of the newest is found at once. */
	has(id: string): boolean {
		for (let place = this.#end - 1; place >= this.#first; place--) {
			if (this.stored(place).id === id) {
				return true;
			}
		}
		return false;
	}

	/** All of it in order of time, by places. */
	get times(): TimeOrder {
		if (this.#times === undefined) {
			this.#times = new TimeOrder();
			this.#times.add(this.#timePlaces(this.#first));
		}
		return this.#times;
	}

	/** Adds entries that came after all there are, by rising numbers; how many left for them. */
	add(entries: readonly NumberedEntry[]): number {
		const from = this.#end;
		for (const { stored, seq } of entries) {
			this.#add(stored, seq);
		}
		this.#times?.add(this.#timePlaces(from));
		return this.#trim();
	}

	stored(place: number): StoredEntry {
		const { stored } = this.#block(place);
		const found = stored[place % BLOCK_ENTRIES];
		if (found === undefined) {
			throw new RangeError(`there is no entry at ${place}`);
		}
		return found;
	}

	seq(place: number): number {
		return this.#block(place).seqs[place % BLOCK_ENTRIES] ?? 0;
	}

	ts(place: number): number {
		return this.#block(place).ts[place % BLOCK_ENTRIES] ?? 0;
	}

	/** The columns of the block that a place is in. */
	columns(place: number): BlockColumns {
		return this.#block(place);
	}

	/** By how many microseconds it is late, if it is, as far as is known from the entries here. */
	late(place: number): number | undefined {
		return this.#block(place).late.get(place % BLOCK_ENTRIES);
	}

	/** Whether it says what the entry before it says. The oldest one has none before it. */
	isRepeat(place: number): boolean {
		if (place === this.#first) {
			return false;
		}
		const { repeats } = this.#block(place);
		const at = place % BLOCK_ENTRIES;
		if (repeats[at] === Known.nothing) {
			const isSame = isSameText(this.stored(place - 1), this.stored(place));
			repeats[at] = isSame ? Known.repeat : Known.other;
		}
		return repeats[at] === Known.repeat;
	}

	/** An entry as queries see it; whether it is a repeat only if that is asked for. */
	entry(place: number, withRepeat = false): QueryableEntry {
		const repeat = withRepeat && this.isRepeat(place) ? true : undefined;
		return new QueryableEntry(this.stored(place), this.seq(place), this.late(place), repeat);
	}

	/** The place of the first entry whose `seq` is greater. */
	placeAfter(seq: number): number {
		let low = this.#first;
		let high = this.#end;
		while (low < high) {
			const middle = low + Math.floor((high - low) / 2);
			if (this.seq(middle) <= seq) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low;
	}

	/** The place of an entry; `undefined` if it is not here. */
	placeOf(seq: number): number | undefined {
		const place = this.placeAfter(seq) - 1;
		return place >= this.#first && this.seq(place) === seq ? place : undefined;
	}

	#add(stored: StoredEntry, seq: number): void {
		const place = this.#end++;
		const at = place % BLOCK_ENTRIES;
		const number = Math.floor(place / BLOCK_ENTRIES);
		let block = this.#blocks.get(number);
		if (block === undefined) {
			block = newBlock();
			this.#blocks.set(number, block);
		}
		block.stored.push(stored);
		block.seqs[at] = seq;
		block.ts[at] = stored.ts;
		block.classes[at] = severityClass(severityOfLevel(stored.level));
		this.#hasOwnNumbers &&= stored.seq !== undefined;
		// Who has no time of their own is not late, nor is anybody behind them.
		if (stored.problem === undefined) {
			const late = this.#newestTs - stored.ts;
			if (late >= LATE_MICROS) {
				block.late.set(at, late);
			}
			this.#newestTs = Math.max(this.#newestTs, stored.ts);
		}
	}

	#trim(): number {
		const left = this.size - this.#most;
		if (left <= 0) {
			return 0;
		}
		const before = Math.floor(this.#first / BLOCK_ENTRIES);
		this.#first += left;
		for (let number = before; number < Math.floor(this.#first / BLOCK_ENTRIES); number++) {
			this.#blocks.delete(number);
		}
		this.#times?.drop(this.#first, left);
		return left;
	}

	#timePlaces(from: number): { readonly ts: number; readonly place: number }[] {
		return Array.from({ length: this.#end - from }, (_, index) => ({
			ts: this.ts(from + index),
			place: from + index,
		}));
	}

	#block(place: number): Block {
		const block = this.#blocks.get(Math.floor(place / BLOCK_ENTRIES));
		if (block === undefined) {
			throw new RangeError(`there is no entry at ${place}`);
		}
		return block;
	}
}

function newBlock(): Block {
	return {
		stored: [],
		seqs: new Float64Array(BLOCK_ENTRIES),
		ts: new Float64Array(BLOCK_ENTRIES),
		classes: new Uint8Array(BLOCK_ENTRIES),
		repeats: new Uint8Array(BLOCK_ENTRIES),
		late: new Map(),
	};
}

function isSameText(one: StoredEntry, other: StoredEntry): boolean {
	return (
		levelOf(one) === levelOf(other) &&
		one.logger === other.logger &&
		(one.task_id ?? '') === (other.task_id ?? '') &&
		patternOf(one.message) === patternOf(other.message)
	);
}

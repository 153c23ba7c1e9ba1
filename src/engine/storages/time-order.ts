/** Where an entry stands in order of time: by `ts`, then as it came. */
export interface TimePlace {
	readonly ts: number;
	/** Rising with each entry that came. */
	readonly place: number;
}

const START_ROOM = 1_024;

/**
 * Entries in order of time, by their places. What comes is mostly later than all there is; what is
 * not costs no more than those it goes before.
 */
export class TimeOrder {
	#ts = new Float64Array(START_ROOM);
	#places = new Float64Array(START_ROOM);
	#length = 0;
	#first = -Infinity;
	#dropped = 0;

	/** How many there are, those that left but were not cleared away among them. */
	get length(): number {
		return this.#length;
	}

	/** The place of an entry by its rank, the earliest one's being 0; `undefined` if it has left. */
	at(rank: number): number | undefined {
		const place = this.#places[rank];
		return rank >= this.#length || place === undefined || place < this.#first ? undefined : place;
	}

	/** How many stand at or before this: the rank of the first one behind it. */
	behind({ ts, place }: TimePlace): number {
		let low = 0;
		let high = this.#length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const time = this.#ts[middle] ?? 0;
			if (time < ts || (time === ts && (this.#places[middle] ?? 0) <= place)) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low;
	}

	/** Adds entries that came after all there are, in this order. */
	add(entries: readonly TimePlace[]): void {
		this.#reserve(entries.length);
		const sorted = isRising(entries)
			? entries
			: entries.toSorted((a, b) => a.ts - b.ts || a.place - b.place);
		let from = this.#length - 1;
		let to = this.#length + sorted.length - 1;
		this.#length += sorted.length;
		// From the end, so that nothing is moved once all that come are in their places.
		for (let index = sorted.length - 1; index >= 0; index--) {
			const { ts, place } = sorted[index] ?? { ts: 0, place: 0 };
			while (from >= 0 && (this.#ts[from] ?? 0) > ts) {
				this.#ts[to] = this.#ts[from] ?? 0;
				this.#places[to--] = this.#places[from--] ?? 0;
			}
			this.#ts[to] = ts;
			this.#places[to--] = place;
		}
	}

	/** Those before a place leave; so many they are. */
	drop(place: number, count: number): void {
		this.#first = place;
		this.#dropped += count;
		if (this.#dropped * 2 <= this.#length) {
			return;
		}
		let kept = 0;
		for (let rank = 0; rank < this.#length; rank++) {
			const own = this.#places[rank] ?? 0;
			if (own >= place) {
				this.#ts[kept] = this.#ts[rank] ?? 0;
				this.#places[kept++] = own;
			}
		}
		this.#length = kept;
		this.#dropped = 0;
	}

	#reserve(more: number): void {
		const needed = this.#length + more;
		if (needed > this.#ts.length) {
			const room = Math.max(needed, this.#ts.length * 2);
			this.#ts = grown(this.#ts, room);
			this.#places = grown(this.#places, room);
		}
	}
}

function grown(values: Float64Array, room: number): Float64Array<ArrayBuffer> {
	const larger = new Float64Array(room);
	larger.set(values);
	return larger;
}

function isRising(entries: readonly TimePlace[]): boolean {
	for (let index = 1; index < entries.length; index++) {
		if ((entries[index]?.ts ?? 0) < (entries[index - 1]?.ts ?? 0)) {
			return false;
		}
	}
	return true;
}

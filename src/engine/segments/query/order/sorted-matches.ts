import type { SortedRows } from './sorted-rows.ts';

const WORD = 32;

/** Which rows of a segment match, in order of time: how many up to any place is known at once. */
export class SortedMatches {
	readonly matched: number;
	/** One bit for each place. */
	readonly #bits: Uint32Array;
	/** How many match before each word of bits. */
	readonly #before: Uint32Array;
	/** The places of errors among them, rising. */
	readonly #errors: Uint32Array;

	/** `mask` has 1 for each row that matches, `isError` for each level of an error. */
	constructor(
		sorted: SortedRows,
		mask: Uint8Array,
		{ level, isError }: { readonly level: Uint16Array; readonly isError: Uint8Array },
	) {
		const words = Math.ceil(sorted.rows / WORD);
		this.#bits = new Uint32Array(words);
		this.#before = new Uint32Array(words + 1);
		const errors: number[] = [];
		let matched = 0;
		// A jump goes through this for each segment that it comes to first.
		const { rows, order } = sorted;
		for (let word = 0; word < words; word++) {
			this.#before[word] = matched;
			const end = Math.min((word + 1) * WORD, rows);
			let bits = 0;
			for (let place = word * WORD; place < end; place++) {
				const row = order?.[place] ?? place;
				if (mask[row] === 1) {
					matched++;
					bits |= 1 << (place % WORD);
					if (isError[level[row] ?? 0] === 1) {
						errors.push(place);
					}
				}
			}
			this.#bits[word] = bits;
		}
		this.#before[words] = matched;
		this.matched = matched;
		this.#errors = Uint32Array.from(errors);
	}

	has(place: number): boolean {
		return (((this.#bits[place >>> 5] ?? 0) >>> (place % WORD)) & 1) === 1;
	}

	/** How many match at places before this one. */
	before(place: number): number {
		const word = place >>> 5;
		const part = (this.#bits[word] ?? 0) & ((1 << (place % WORD)) - 1);
		return (this.#before[word] ?? this.matched) + bitCount(part);
	}

	/** How many of those that match at this place or after it are errors. */
	errorsFrom(place: number): number {
		let low = 0;
		let high = this.#errors.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((this.#errors[middle] ?? 0) < place) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return this.#errors.length - low;
	}

	/** The place of the match that has so many before it. */
	placeOf(index: number): number {
		let low = 0;
		let high = this.#bits.length * WORD;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.before(middle + 1) <= index) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low;
	}
}

function bitCount(word: number): number {
	let bits = word - ((word >>> 1) & 0x55555555);
	bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
	return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

import type { LoadedText, TextStretch } from './loaded-text.ts';

/** Rows, and where something of each stands in a loaded text: all of them are searched at once. */
export class RowStretches {
	/** The rows that were added. */
	rows = new Uint32Array(1_024);
	count = 0;
	/** Where their stretches begin and end in the loaded bytes, by turns. */
	places = new Uint32Array(2 * 1_024);
	#found = new Uint8Array(1_024);

	/** Forgets all rows, and makes room for so many. */
	clear(capacity: number): void {
		this.count = 0;
		if (capacity > this.rows.length) {
			this.rows = new Uint32Array(capacity);
			this.places = new Uint32Array(2 * capacity);
			this.#found = new Uint8Array(capacity);
		}
	}

	/** Adds a row, of which [start, end) of its segment's text is searched, as far as it is loaded. */
	add(row: number, { start: first, bytes }: TextStretch, start: number, end: number): void {
		const index = this.count++;
		this.rows[index] = row;
		this.places[index * 2] = start - first;
		this.places[index * 2 + 1] = Math.min(end - first, bytes.length);
	}

	/** For each row, as they were added: 1 if a needle stands in its stretch, else 0. */
	find(text: LoadedText, needle: Uint8Array): Uint8Array {
		text.find(this.places, this.count, needle, this.#found);
		return this.#found;
	}
}

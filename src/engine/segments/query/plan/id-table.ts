/**
 * Which ids of a column match. The test is asked once for each id: ids are only ever added, and
 * never speak of another text.
 */
export class IdTable {
	readonly #test: (id: number) => boolean;
	readonly #count: () => number;
	#table = new Uint8Array(0);

	/** `count`: how many ids were given out, from 1 on; 0 is none. */
	constructor(test: (id: number) => boolean, count: () => number) {
		this.#test = test;
		this.#count = count;
	}

	/** 1 for each id that matches, by id, for all there are by now. */
	get ids(): Uint8Array {
		const known = this.#table.length;
		const length = this.#count() + 1;
		if (known < length) {
			const grown = new Uint8Array(length);
			grown.set(this.#table);
			for (let id = known; id < length; id++) {
				grown[id] = this.#test(id) ? 1 : 0;
			}
			this.#table = grown;
		}
		return this.#table;
	}
}

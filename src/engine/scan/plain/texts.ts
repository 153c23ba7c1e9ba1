import { isText } from './json.ts';

/** Texts by their bytes, numbered from 1 in the order of their first use. */
export class Texts {
	readonly #maxCount: number;
	readonly #maxBytes: number;
	#slots = new Uint32Array(1_024);
	/** By id; id 0 is no text. */
	readonly #hashes: number[] = [0];
	readonly #texts: Uint8Array[] = [new Uint8Array(0)];
	#bytes = 0;

	constructor(maxCount: number, maxBytes: number) {
		this.#maxCount = maxCount;
		this.#maxBytes = maxBytes;
	}

	/** How many texts there are. */
	get count(): number {
		return this.#texts.length - 1;
	}

	/** The id of bytes [from, to); -1 if there is no room for them. */
	idOf(bytes: Uint8Array, from: number, to: number): number {
		let hash = to - from;
		for (let at = from; at < to; at++) {
			hash = Math.imul(hash ^ (bytes[at] as number), 0x0100_0193);
		}
		hash ^= hash >>> 15;
		const mask = this.#slots.length - 1;
		let slot = hash & mask;
		for (;;) {
			const id = this.#slots[slot] as number;
			if (id === 0) {
				return this.#add(bytes.slice(from, to), hash, slot);
			}
			if (this.#hashes[id] === hash && isText(bytes, from, to, this.bytesOf(id))) {
				return id;
			}
			slot = (slot + 1) & mask;
		}
	}

	/** The text of an id, empty if it was not given out. */
	bytesOf(id: number): Uint8Array {
		return this.#texts[id] ?? new Uint8Array(0);
	}

	forget(): void {
		this.#slots = new Uint32Array(1_024);
		this.#hashes.length = 1;
		this.#texts.length = 1;
		this.#bytes = 0;
	}

	#add(text: Uint8Array, hash: number, slot: number): number {
		if (this.count >= this.#maxCount || this.#bytes + text.length > this.#maxBytes) {
			return -1;
		}
		const id = this.#texts.push(text) - 1;
		this.#hashes.push(hash);
		this.#bytes += text.length;
		this.#slots[slot] = id;
		if (id * 2 > this.#slots.length) {
			this.#grow();
		}
		return id;
	}

	#grow(): void {
		this.#slots = new Uint32Array(this.#slots.length * 2);
		const mask = this.#slots.length - 1;
		for (let id = 1; id <= this.count; id++) {
			let slot = (this.#hashes[id] as number) & mask;
			while (this.#slots[slot] !== 0) {
				slot = (slot + 1) & mask;
			}
			this.#slots[slot] = id;
		}
	}
}

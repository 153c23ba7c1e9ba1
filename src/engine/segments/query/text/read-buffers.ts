/**
 * Buffers of one size by what was read into them, a bounded number of them: the one used longest ago
 * is read into again.
 *
 * New ones instead would live long enough to be garbage of the old generation, and V8 marks its whole
 * heap for each few megabytes of that: the answer that is made then waits for it.
 */
export class ReadBuffers<Key> {
	readonly #bytes: number;
	readonly #most: number;
	/** The one used last stands last. */
	readonly #byKey = new Map<Key, Buffer>();
	readonly #spare: Buffer[] = [];

	/** At most `most` buffers, of `bytes` bytes each. */
	constructor(bytes: number, most: number) {
		this.#bytes = bytes;
		this.#most = most;
	}

	/** What was read under this key, good until the next one is read. */
	get(key: Key): Buffer | undefined {
		const known = this.#byKey.get(key);
		if (known !== undefined) {
			this.#byKey.delete(key);
			this.#byKey.set(key, known);
		}
		return known;
	}

	/** Reads into a buffer, which is kept under this key if `read` says that it is full. */
	read(key: Key, read: (into: Buffer) => boolean): Buffer | undefined {
		const buffer = this.#unused();
		let isFull = false;
		try {
			isFull = read(buffer);
		} finally {
			if (isFull) {
				this.#byKey.set(key, buffer);
			} else {
				this.#spare.push(buffer);
			}
		}
		return isFull ? buffer : undefined;
	}

	/** What was read under such keys is not to be used again. */
	forget(isGone: (key: Key) => boolean): void {
		for (const [key, buffer] of this.#byKey) {
			if (isGone(key)) {
				this.#byKey.delete(key);
				this.#spare.push(buffer);
			}
		}
	}

	#unused(): Buffer {
		const spare = this.#spare.pop();
		const [oldest] = spare !== undefined || this.#byKey.size < this.#most ? [] : this.#byKey;
		if (oldest === undefined) {
			return spare ?? Buffer.allocUnsafe(this.#bytes);
		}
		const [key, buffer] = oldest;
		this.#byKey.delete(key);
		return buffer;
	}
}

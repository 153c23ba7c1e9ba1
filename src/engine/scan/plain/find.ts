/** Where something was found, in an array that grows. */
export class Places {
	#places = new Uint32Array(1_024);
	#count = 0;

	clear(): void {
		this.#count = 0;
	}

	push(place: number): void {
		this.#reserve(1);
		this.#places[this.#count++] = place;
	}

	append(places: Uint32Array): void {
		this.#reserve(places.length);
		this.#places.set(places, this.#count);
		this.#count += places.length;
	}

	/** A view that holds until the next change. */
	view(): Uint32Array {
		return this.#places.subarray(0, this.#count);
	}

	#reserve(more: number): void {
		if (this.#count + more > this.#places.length) {
			const grown = new Uint32Array(Math.max(this.#places.length * 2, this.#count + more));
			grown.set(this.view());
			this.#places = grown;
		}
	}
}

/** `needle` with its small letters of ASCII as capitals. */
export function capitals(needle: Uint8Array): Uint8Array {
	return needle.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte));
}

/** Adds to `places` where `needle` begins in the first `length` bytes; see `LineScanner.find`. */
export function findPlaces(
	bytes: Uint8Array,
	length: number,
	needle: Uint8Array,
	places: Places,
): void {
	const capital = capitals(needle);
	const [small] = needle;
	const [large] = capital;
	if (small === undefined) {
		return;
	}
	const last = length - needle.length;
	for (let start = 0; start <= last; start++) {
		if (bytes[start] !== small && bytes[start] !== large) {
			continue;
		}
		let at = 1;
		while (at < needle.length) {
			const byte = bytes[start + at];
			if (byte !== needle[at] && byte !== capital[at]) {
				break;
			}
			at++;
		}
		if (at >= needle.length) {
			places.push(start);
		}
	}
}

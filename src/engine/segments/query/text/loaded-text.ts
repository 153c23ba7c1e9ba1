import type { LineScanner } from '../../../scan/scanner.ts';
import type { HeldSegment } from '../segment-set.ts';
import type { TextReader } from './text-reader.ts';

/** So much text is searched at once: what the scanner takes. */
export const MAX_LOADED_BYTES = 8 * 1024 * 1024;

/** A stretch of a segment's text, where the scanner can search it. Good until the next one. */
export interface TextStretch {
	readonly bytes: Uint8Array;
	/** Where it begins in the segment's text. */
	readonly start: number;
}

/** Reads text for the scanner, once for all the steps of a plan that look at the same rows. */
export class LoadedText {
	readonly #scanner: LineScanner;
	readonly #texts: TextReader;
	#held: HeldSegment | undefined;
	#stretch: TextStretch | undefined;

	constructor(scanner: LineScanner, texts: TextReader) {
		this.#scanner = scanner;
		this.#texts = texts;
	}

	/** What was read is not to be used again. */
	clear(): void {
		this.#held = undefined;
		this.#stretch = undefined;
	}

	/**
	 * A stretch that has [start, end) of a segment's text, maybe more; `undefined` if that is too long
	 * or part of it is not to be had.
	 */
	load(held: HeldSegment, start: number, end: number): TextStretch | undefined {
		const length = end - start;
		const known = this.#held === held ? this.#stretch : undefined;
		if (known !== undefined && known.start <= start && end <= known.start + known.bytes.length) {
			return known;
		}
		this.clear();
		if (length > MAX_LOADED_BYTES) {
			return undefined;
		}
		const bytes = this.#scanner.input(length).subarray(0, length);
		if (!this.#texts.readInto(held, start, bytes)) {
			return undefined;
		}
		this.#held = held;
		this.#stretch = { bytes, start };
		return this.#stretch;
	}

	/** In which stretches of the loaded text a needle stands: see `LineScanner.find`. */
	find(stretches: Uint32Array, count: number, needle: Uint8Array, found: Uint8Array): void {
		this.#scanner.find(stretches, count, needle, found);
	}
}

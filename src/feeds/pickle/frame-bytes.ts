import { FrameRefused } from './frame-refused.ts';
import { readUtf8 } from './python-text.ts';

const LINE_FEED = 0x0a;

/** The bytes of a frame, read from its beginning. Each reading refuses to go beyond the end. */
export class FrameBytes {
	/** Where the next reading begins. */
	at = 0;
	readonly #bytes: Buffer;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	byte(): number {
		const value = this.#bytes[this.at];
		if (value === undefined) {
			throw this.#truncated();
		}
		this.at += 1;
		return value;
	}

	uint16(): number {
		return this.#bytes.readUInt16LE(this.#take(2));
	}

	uint32(): number {
		return this.#bytes.readUInt32LE(this.#take(4));
	}

	int32(): number {
		return this.#bytes.readInt32LE(this.#take(4));
	}

	/** A length of 8 bytes; what no frame can have ends the reading here already. */
	length64(): number {
		const length = this.#bytes.readBigUInt64LE(this.#take(8));
		if (length > BigInt(this.#bytes.length)) {
			throw this.#truncated();
		}
		return Number(length);
	}

	/** A float, the one value that pickles write with its highest byte first. */
	float64(): number {
		return this.#bytes.readDoubleBE(this.#take(8));
	}

	/** A view of so many bytes. */
	bytes(length: number): Buffer {
		const start = this.#take(length);
		return this.#bytes.subarray(start, start + length);
	}

	/** Text of so many bytes of UTF-8. */
	text(length: number): string {
		const start = this.#take(length);
		return readUtf8(this.#bytes, start, start + length);
	}

	/** What stands before the next line feed, each byte a character; goes on behind it. */
	line(): string {
		const end = this.#bytes.indexOf(LINE_FEED, this.at);
		if (end === -1) {
			throw this.#truncated();
		}
		const line = this.#bytes.toString('latin1', this.at, end);
		this.at = end + 1;
		return line;
	}

	/** Makes sure that so many bytes are still to come. */
	expect(length: number): void {
		if (length > this.#bytes.length - this.at) {
			throw this.#truncated();
		}
	}

	#take(length: number): number {
		if (length < 0 || length > this.#bytes.length - this.at) {
			throw this.#truncated();
		}
		const start = this.at;
		this.at += length;
		return start;
	}

	#truncated(): FrameRefused {
		return new FrameRefused(
			`The pickle ends in the middle of a value: what begins before byte ${this.at} is longer than the ${this.#bytes.length} bytes of its frame.`,
		);
	}
}

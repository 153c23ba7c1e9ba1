import { MAX_FRAME_BYTES } from './limits.ts';

const NO_BYTES = Buffer.alloc(0);

/** Bytes of the length before a frame: big-endian, without itself. */
const PREFIX_BYTES = 4;

/**
 * Cuts the stream that Python's SocketHandler sends into its frames. It holds the bytes of at most
 * one frame, in at most twice their space, and copies each byte a constant number of times, however
 * small the pieces are in which they come.
 */
export class FrameSplitter {
	#held = NO_BYTES;
	#heldBytes = 0;
	#problem: string | undefined;

	/** Why the rest of the stream can't be read: nobody knows where its next frame begins. */
	get problem(): string | undefined {
		return this.#problem;
	}

	/** Bytes of a frame that is not whole yet. A stream that ends here ends in the middle of it. */
	get heldBytes(): number {
		return this.#heldBytes;
	}

	/**
	 * Takes the next bytes of the stream; returns the frames that are whole by now, without their
	 * lengths. They may be views of `chunk`. After a problem there are no more.
	 */
	push(chunk: Buffer): Buffer[] {
		const frames: Buffer[] = [];
		let rest = chunk;
		while (rest.length > 0 && this.#problem === undefined) {
			rest = this.#heldBytes === 0 ? this.#cut(rest, frames) : this.#complete(rest, frames);
		}
		return frames;
	}

	/** Cuts off the frame that `bytes` begins with, or holds what there is of it. */
	#cut(bytes: Buffer, frames: Buffer[]): Buffer {
		const end = this.#endOf(bytes);
		if (end > bytes.length) {
			this.#hold(bytes, end);
			return NO_BYTES;
		}
		if (this.#problem === undefined) {
			frames.push(bytes.subarray(PREFIX_BYTES, end));
		}
		return bytes.subarray(end);
	}

	/** Adds what is missing to the frame that is held: first of its length, then of the rest. */
	#complete(bytes: Buffer, frames: Buffer[]): Buffer {
		const wanted = this.#endOf(this.#held.subarray(0, this.#heldBytes));
		const taken = bytes.subarray(0, wanted - this.#heldBytes);
		this.#hold(taken, wanted);
		const whole = this.#held.subarray(0, this.#heldBytes);
		if (this.#endOf(whole) === whole.length && this.#problem === undefined) {
			frames.push(whole.subarray(PREFIX_BYTES));
			this.#held = NO_BYTES;
			this.#heldBytes = 0;
		}
		return bytes.subarray(taken.length);
	}

	/** Keeps a copy: a view of a few bytes would keep the whole chunk. */
	#hold(bytes: Buffer, wanted: number): void {
		const size = this.#heldBytes + bytes.length;
		if (size > this.#held.length) {
			// The sender's word for the length is not taken: what has come may only double.
			const space = Math.min(Math.max(2 * size, 64), Math.max(wanted, size));
			const held = Buffer.allocUnsafeSlow(space);
			this.#held.copy(held, 0, 0, this.#heldBytes);
			this.#held = held;
		}
		bytes.copy(this.#held, this.#heldBytes);
		this.#heldBytes = size;
	}

	/** Where the frame ends that begins with these bytes; where its length does, before that is known. */
	#endOf(bytes: Buffer): number {
		if (bytes.length < PREFIX_BYTES) {
			return PREFIX_BYTES;
		}
		const length = bytes.readUInt32BE(0);
		if (length >= MAX_FRAME_BYTES) {
			this.#problem = `A frame of ${length.toLocaleString('en')} bytes was announced; at most ${(MAX_FRAME_BYTES - 1).toLocaleString('en')} are read.`;
			return PREFIX_BYTES;
		}
		return PREFIX_BYTES + length;
	}
}

/** The one frame of a datagram that Python's DatagramHandler sent, or why there is none. */
export function frameOfDatagram(
	datagram: Buffer,
): { readonly frame: Buffer } | { readonly refused: string } {
	const length = datagram.length < PREFIX_BYTES ? undefined : datagram.readUInt32BE(0);
	return length === datagram.length - PREFIX_BYTES
		? { frame: datagram.subarray(PREFIX_BYTES) }
		: {
				refused: `A datagram of ${datagram.length} bytes is no frame: it does not begin with the length of its rest.`,
			};
}

import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { FileKind } from '../log-sink.ts';
import { findFrameEnd } from './zstd-frames.ts';

/** Reads up to `length` bytes at `offset`; fewer only where the file ends. */
export type ReadBytes = (offset: number, length: number) => Promise<Buffer>;

/**
 * How a compressed file ended:
 * - `complete`
 * - `cut`: in the middle of its data; it may still be written
 * - `damaged`: what follows is not what it should be
 */
export type PackedEnd = 'complete' | 'cut' | 'damaged';

/** Packed bytes given to the decompressor at a time: 16 MiB of unpacked ones at the most. */
const PIECE_BYTES = 16 * 1024;

/**
 * Unpacks a file from its beginning. Everything that can be unpacked is, also right before the place
 * where the file is cut off or damaged.
 */
export class Unpacker {
	readonly #read: ReadBytes;
	readonly #kind: FileKind;
	#stream: Decompressor;
	/** How far the packed bytes were given to the decompressor. */
	#at = 0;
	/** Where the zstd frame ends that is being unpacked. */
	#frameEnd: number | undefined;
	/** Unpacked bytes given out. */
	#position = 0;
	/** From here on in steps of a byte, to get at what stands right before damaged bytes. */
	#smallFrom = Infinity;
	/** Unpacked bytes to leave out: they were given out before. */
	#skip = 0;
	#end: PackedEnd | undefined;

	constructor(read: ReadBytes, kind: FileKind) {
		this.#read = read;
		this.#kind = kind;
		this.#stream = new Decompressor(kind);
	}

	/** How it ended; `undefined` while there is more. */
	get end(): PackedEnd | undefined {
		return this.#end;
	}

	/** The next unpacked bytes, `undefined` at the end. */
	async next(): Promise<Buffer | undefined> {
		while (this.#end === undefined) {
			const bytes = await (this.#kind === 'zstd' ? this.#nextOfFrame() : this.#nextOfGzip());
			const fresh = bytes.subarray(Math.min(this.#skip, bytes.length));
			this.#skip -= bytes.length - fresh.length;
			if (fresh.length > 0) {
				this.#position += fresh.length;
				return fresh;
			}
		}
		this.#stream.close();
		return undefined;
	}

	close(): void {
		this.#end ??= 'cut';
		this.#stream.close();
	}

	async #nextOfGzip(): Promise<Buffer> {
		const isSmall = this.#at >= this.#smallFrom;
		const length = isSmall ? 1 : Math.min(PIECE_BYTES, this.#smallFrom - this.#at);
		const packed = await this.#read(this.#at, length);
		if (packed.length === 0) {
			const { bytes, error } = await this.#stream.end();
			this.#end = error === undefined ? 'complete' : 'cut';
			return bytes;
		}
		const { bytes, error } = await this.#stream.write(packed);
		if (error !== undefined) {
			return this.#step(bytes);
		}
		this.#at += packed.length;
		return bytes;
	}

	/** Frames are unpacked one by one: Node knows no more than the first. */
	async #nextOfFrame(): Promise<Buffer> {
		this.#frameEnd ??= await this.#findFrame();
		if (this.#end !== undefined || this.#frameEnd === undefined) {
			return Buffer.alloc(0);
		}
		const length = Math.min(PIECE_BYTES, this.#frameEnd - this.#at);
		const packed = await this.#read(this.#at, length);
		const { bytes, error } = await this.#stream.write(packed);
		this.#at += packed.length;
		if (error !== undefined) {
			this.#end = 'damaged';
		} else if (packed.length < length) {
			this.#end = 'cut';
		} else if (this.#at === this.#frameEnd) {
			this.#frameEnd = undefined;
			this.#stream.close();
			this.#stream = new Decompressor(this.#kind);
		}
		return bytes;
	}

	/** Where the frame at this place ends, as far as the file has it. */
	async #findFrame(): Promise<number | undefined> {
		const found = await findFrameEnd(this.#read, this.#at);
		if (found.kind === 'skippable') {
			this.#at = found.end;
			return undefined;
		}
		if (found.kind !== 'frame') {
			this.#end = found.kind;
			return undefined;
		}
		return found.end;
	}

	/**
	 * The decompressor gives nothing of a piece in which it found an error: starts again, and goes
	 * through that piece byte by byte.
	 */
	#step(bytes: Buffer): Buffer {
		this.#stream.close();
		if (this.#smallFrom < Infinity) {
			this.#end = 'damaged';
			return bytes;
		}
		this.#stream = new Decompressor(this.#kind);
		this.#skip = this.#position;
		this.#smallFrom = this.#at;
		this.#at = 0;
		return Buffer.alloc(0);
	}
}

/** One of Node's decompressors, a step at a time. */
class Decompressor {
	readonly #stream;
	#bytes: Buffer[] = [];
	#error: Error | undefined;
	/** Called when the stream has done what it was asked for, or does nothing any more. */
	#resolve: (() => void) | undefined;
	#isOver = false;

	constructor(kind: FileKind) {
		this.#stream = kind === 'zstd' ? createZstdDecompress() : createGunzip();
		this.#stream.on('data', (bytes: Buffer) => this.#bytes.push(bytes));
		const end = () => {
			this.#isOver = true;
			this.#resolve?.();
		};
		// It may end by itself, at zeros after the data.
		this.#stream.on('end', end);
		this.#stream.on('close', end);
		this.#stream.on('error', (error) => {
			this.#error = error;
			end();
		});
	}

	async write(packed: Buffer): Promise<{ readonly bytes: Buffer; readonly error?: Error }> {
		return this.#do((done) => this.#stream.write(packed, done));
	}

	async end(): Promise<{ readonly bytes: Buffer; readonly error?: Error }> {
		return this.#do(() => this.#stream.end());
	}

	close(): void {
		this.#stream.destroy();
	}

	async #do(
		work: (done: () => void) => void,
	): Promise<{ readonly bytes: Buffer; readonly error?: Error }> {
		if (!this.#isOver) {
			await new Promise<void>((resolve) => {
				this.#resolve = resolve;
				work(resolve);
			});
		}
		const bytes = Buffer.concat(this.#bytes);
		this.#bytes = [];
		return this.#error === undefined ? { bytes } : { bytes, error: this.#error };
	}
}

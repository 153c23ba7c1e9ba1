import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { hashOf } from '../../../file-identity.ts';
import type { FileIdentity } from '../../../log-sink.ts';
import type { GenerationPlace, Segment } from '../../segment/segment.ts';
import { unpack } from '../../segment/unpack.ts';
import { TEXT_BLOCK_BYTES, textKey } from '../../sqlite/schema.ts';
import type { ReadonlyDatabase } from '../../sqlite/schema.ts';
import { FileWindows } from './file-windows.ts';
import { ReadBuffers } from './read-buffers.ts';
import { readFully } from './read-fully.ts';
import type { HeldSegment } from '../segment-set.ts';

/** So many files are kept open. */
const MAX_FILES = 64;
/** How long a file is believed to hold the log it was seen to hold. */
const TRUST_MS = 500;
/** Blocks of kept text that stay unpacked: a page of rows is mostly in one or two. */
const UNPACKED_BLOCKS = 32;

/** Up to this size a text is read together with its neighbours: they are mostly asked for next. */
const SMALL_BYTES = 4_096;

interface OpenFile {
	readonly fd: number;
	checkedAt: number;
}

/**
 * Reads the text of rows: from memory while it is there, from the log's own file while that holds
 * it, from the database where it is kept.
 */
export class TextReader {
	readonly #db: ReadonlyDatabase;
	readonly #now: () => number;
	readonly #generations = new Map<number, GenerationPlace>();
	/** Open files by log; the one used last stands last. `undefined`: it could not be read lately. */
	readonly #files = new Map<number, OpenFile | { readonly failedAt: number }>();
	/** By their keys in the database. */
	readonly #blocks = new ReadBuffers<number>(TEXT_BLOCK_BYTES, UNPACKED_BLOCKS);
	readonly #windows = new FileWindows();

	constructor(db: ReadonlyDatabase, now: () => number = () => performance.now()) {
		this.#db = db;
		this.#now = now;
	}

	setGeneration(generation: GenerationPlace): void {
		const before = this.#generations.get(generation.id);
		this.#generations.set(generation.id, generation);
		if (before?.place.inode !== generation.place.inode || generation.isDestroyed) {
			this.#close(generation.id);
		}
	}

	/** Its source was closed: its file is not kept open. */
	forget(id: number): void {
		this.#close(id);
		this.#generations.delete(id);
	}

	generation(id: number): GenerationPlace | undefined {
		return this.#generations.get(id);
	}

	/** Bytes [start, end) of a segment's text, good until the next call; `undefined` if they are gone. */
	read(held: HeldSegment, start: number, end: number): Uint8Array | undefined {
		const text = held.resident?.text;
		if (text !== undefined) {
			return new Uint8Array(text, start, end - start);
		}
		const bytes = Buffer.allocUnsafe(end - start);
		return this.readInto(held, start, bytes) ? bytes : undefined;
	}

	/** Fills `into` with a segment's text from `start` on; false if that is gone. */
	readInto(held: HeldSegment, start: number, into: Uint8Array): boolean {
		const text = held.resident?.text;
		if (text !== undefined) {
			into.set(new Uint8Array(text, start, into.length));
			return true;
		}
		return (
			into.length === 0 ||
			this.#fromFiles(held.segment, start, into) ||
			this.#fromKept(held.segment, start, into)
		);
	}

	/** Whether the file of a log is there and holds it. */
	hasLog(generation: number): boolean {
		return this.#open(generation) !== undefined;
	}

	/** Fills `into` with what stands in a log from an offset on; false if its file is gone or ends before. */
	readLog(generation: number, offset: number, into: Uint8Array): boolean {
		return this.#readFile(generation, offset, into);
	}

	close(): void {
		for (const id of this.#files.keys()) {
			this.#close(id);
		}
	}

	#fromFiles({ spans }: Segment, start: number, into: Uint8Array): boolean {
		const end = start + into.length;
		let index = spans.findLastIndex((span) => span.text <= start);
		for (let at = start; at < end; index++) {
			const span = spans[index];
			const to = Math.min(spans[index + 1]?.text ?? end, end);
			if (span === undefined) {
				return false;
			}
			if (to > at) {
				const offset = span.offset + at - span.text;
				if (!this.#readFile(span.generation, offset, into.subarray(at - start, to - start))) {
					return false;
				}
				at = to;
			}
		}
		return true;
	}

	#readFile(id: number, offset: number, into: Uint8Array): boolean {
		const file = this.#open(id);
		if (file === undefined) {
			return false;
		}
		try {
			return into.length > SMALL_BYTES
				? readFully(file.fd, into, offset)
				: this.#windows.read(id, file.fd, offset, into);
		} catch {
			this.#close(id);
			return false;
		}
	}

	/** The file of a log, if it still holds it. */
	#open(id: number): OpenFile | undefined {
		const generation = this.#generations.get(id);
		if (generation === undefined || generation.isDestroyed || generation.place.kind !== 'plain') {
			return undefined;
		}
		const known = this.#files.get(id);
		if (known !== undefined && 'failedAt' in known && this.#now() - known.failedAt < TRUST_MS) {
			return undefined;
		}
		if (known !== undefined && 'fd' in known && this.#now() - known.checkedAt < TRUST_MS) {
			return known;
		}
		const fd = known !== undefined && 'fd' in known ? known.fd : openPlace(generation);
		this.#files.delete(id);
		if (fd === undefined || !holds(fd, generation.identity)) {
			if (fd !== undefined) {
				closeSync(fd);
			}
			this.#windows.forget(id);
			this.#files.set(id, { failedAt: this.#now() });
			return undefined;
		}
		const file = { fd, checkedAt: this.#now() };
		this.#files.set(id, file);
		for (const oldest of this.#files.keys()) {
			if (this.#files.size <= MAX_FILES) {
				break;
			}
			this.#close(oldest);
		}
		return file;
	}

	#close(id: number): void {
		const file = this.#files.get(id);
		this.#files.delete(id);
		this.#windows.forget(id);
		if (file !== undefined && 'fd' in file) {
			closeSync(file.fd);
		}
	}

	#fromKept(segment: Segment, start: number, into: Uint8Array): boolean {
		const end = start + into.length;
		for (let at = start; segment.isTextKept && at < end;) {
			const block = Math.floor(at / TEXT_BLOCK_BYTES);
			const text = this.#block(segment.id, block);
			const from = at - block * TEXT_BLOCK_BYTES;
			if (text === undefined || text.length <= from) {
				return false;
			}
			const part = text.subarray(from, from + end - at);
			into.set(part, at - start);
			at += part.length;
		}
		return segment.isTextKept;
	}

	#block(segment: number, block: number): Buffer | undefined {
		const key = textKey(segment, block);
		const known = this.#blocks.get(key);
		if (known !== undefined) {
			return known;
		}
		const data = this.#db.prepare('SELECT data FROM text WHERE id = ?').pluck().get(key);
		if (!(data instanceof Uint8Array)) {
			return undefined;
		}
		const text = unpack(data, TEXT_BLOCK_BYTES);
		// The last block of a segment that still grows is not what it will be.
		return text.length === TEXT_BLOCK_BYTES
			? this.#blocks.read(key, (into) => text.copy(into) === text.length)
			: text;
	}
}

/** Opens the file a log was seen in last; `undefined` if it is another one by now. */
export function openPlace({ place }: Pick<GenerationPlace, 'place'>): number | undefined {
	let fd: number | undefined;
	try {
		fd = openSync(place.path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const stat = fstatSync(fd, { bigint: true });
		if (stat.isFile() && String(stat.ino) === place.inode && String(stat.dev) === place.device) {
			return fd;
		}
	} catch {
		// Gone, or not ours to read: the text may be kept.
	}
	if (fd !== undefined) {
		closeSync(fd);
	}
	return undefined;
}

/** Whether an open file begins as the log does, and has what was read last where it was read. */
export function holds(fd: number, identity: FileIdentity): boolean {
	const { headLength, head, tailLength, tail, end } = identity;
	return hashAt(fd, 0, headLength) === head && hashAt(fd, end - tailLength, tailLength) === tail;
}

function hashAt(fd: number, offset: number, length: number): string | undefined {
	const bytes = Buffer.allocUnsafe(length);
	try {
		return readFully(fd, bytes, offset) ? hashOf(bytes) : undefined;
	} catch {
		return undefined;
	}
}

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { PlacedLine } from '../../pipeline/whole-lines.ts';
import { LineBlocks } from './line-blocks.ts';

/** How much is read at once. */
const CHUNK_BYTES = 256 * 1024;

/** Of a longer line only its beginning is kept: one line must not take the memory of the process. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** What is compared to find that another file is in a file's place. */
const HEAD_BYTES = 256;

const LF = 0x0a;

/** Lines of one file, read in pieces from anywhere: what was written of it stays as it is. */
export class LineFile {
	readonly path: string;
	readonly inode: string;
	/** When it was created, in microseconds since 1970: the time of entries that name none. */
	readonly arrival: number;
	readonly #handle: FileHandle;
	readonly blocks = new LineBlocks(this);
	#head: Buffer = Buffer.alloc(0);
	#size = 0;
	#id = '';

	private constructor(path: string, inode: string, arrival: number, handle: FileHandle) {
		this.path = path;
		this.inode = inode;
		this.arrival = arrival;
		this.#handle = handle;
	}

	/** Opens the file that is at `path` now. Rejects as the system does. */
	static async open(path: string): Promise<LineFile> {
		const handle = await open(path, 'r');
		try {
			const { dev, ino, birthtimeNs } = await handle.stat({ bigint: true });
			const arrival = Number(birthtimeNs / 1_000n);
			const file = new LineFile(path, `${dev}-${ino}`, arrival, handle);
			await file.isAddedTo();
			return file;
		} catch (error) {
			await handle.close();
			throw error;
		}
	}

	/** Whether it still begins as it did and is not shorter; what came is looked at. */
	async isAddedTo(): Promise<boolean> {
		const { size } = await this.#handle.stat();
		const head = await this.#read(0, Math.min(size, HEAD_BYTES));
		const isSame = size >= this.#size && head.subarray(0, this.#head.length).equals(this.#head);
		this.#size = size;
		this.#head = head;
		const lineEnd = head.indexOf(LF);
		this.#id = createHash('sha256')
			.update(lineEnd === -1 ? head : head.subarray(0, lineEnd))
			.update(this.inode)
			.digest('hex')
			.slice(0, 12);
		return isSame;
	}

	/**
	 * A name made of its first line and of where it is: it stays when the file is renamed. It is sure
	 * once the file has a whole line.
	 */
	get id(): string {
		return this.#id;
	}

	/** How many bytes it has. */
	async size(): Promise<number> {
		return (await this.#handle.stat()).size;
	}

	/**
	 * Where its last whole line ends. One that lacks its end is whole where it is a JSON object, for
	 * no beginning of one is an object too; any other may still be written.
	 */
	async end(): Promise<number> {
		const size = await this.size();
		const last = size === 0 ? undefined : (await this.#read(size - 1, 1))[0];
		if (last === undefined || last === LF) {
			return size;
		}
		let from = size;
		let tail: Buffer = Buffer.alloc(0);
		while (from > 0 && tail.length <= MAX_LINE_BYTES) {
			const start = Math.max(0, from - CHUNK_BYTES);
			const chunk = await this.#read(start, from - start);
			const lineEnd = chunk.lastIndexOf(LF);
			tail = Buffer.concat([chunk.subarray(lineEnd + 1), tail]);
			from = lineEnd === -1 ? start : start + lineEnd + 1;
			if (lineEnd !== -1) {
				break;
			}
		}
		return isObject(tail.toString('utf8')) ? size : from;
	}

	/** The lines that end at or before `end`, in pieces, the newest first. */
	async *linesBefore(end: number): AsyncGenerator<readonly PlacedLine[]> {
		let carry: Buffer = Buffer.alloc(0);
		let at = end;
		while (at > 0) {
			const start = Math.max(0, at - CHUNK_BYTES);
			const chunk = await this.#read(start, at - start);
			// Going up, the beginning of a line comes last, and that is what is kept of a long one.
			const bytes = carry.length > MAX_LINE_BYTES ? chunk : Buffer.concat([chunk, carry]);
			const first = start === 0 ? 0 : bytes.indexOf(LF) + 1;
			if (start > 0 && first === 0) {
				carry = bytes;
			} else {
				carry = bytes.subarray(0, first);
				yield linesOf(bytes, start, first).toReversed();
			}
			at = start;
		}
	}

	/** The lines in [start, end), both of which are the beginning of one, in pieces of whole lines. */
	async *linesFrom(
		start: number,
		end: number,
	): AsyncGenerator<{ readonly lines: readonly PlacedLine[]; readonly end: number }> {
		let carry: Buffer = Buffer.alloc(0);
		let from = start;
		let cut = 0;
		for (let at = start; at < end;) {
			const chunk = await this.#read(at, Math.min(CHUNK_BYTES, end - at));
			if (chunk.length === 0) {
				return; // it was truncated
			}
			at += chunk.length;
			const bytes = carry.length === 0 ? chunk : Buffer.concat([carry, chunk]);
			const isAll = at >= end;
			// Of what is behind a line that was cut the offsets would be wrong: it comes with the next.
			const length = cut > 0 ? bytes.indexOf(LF) + 1 : bytes.lastIndexOf(LF) + 1;
			if (length === 0 && !isAll) {
				carry = bytes.subarray(0, MAX_LINE_BYTES);
				cut += bytes.length - carry.length;
				continue;
			}
			const taken = isAll && cut === 0 ? bytes.length : length || bytes.length;
			yield { lines: linesOf(bytes.subarray(0, taken), from, 0), end: from + taken + cut };
			from += taken + cut;
			cut = 0;
			carry = bytes.subarray(taken);
		}
		if (carry.length > 0) {
			yield { lines: linesOf(carry, from, 0), end };
		}
	}

	/** Gives it back. */
	async close(): Promise<void> {
		await this.#handle.close();
	}

	async #read(position: number, length: number): Promise<Buffer> {
		const bytes = Buffer.allocUnsafe(length);
		let filled = 0;
		while (filled < length) {
			const { bytesRead } = await this.#handle.read(
				bytes,
				filled,
				length - filled,
				position + filled,
			);
			if (bytesRead === 0) {
				break;
			}
			filled += bytesRead;
		}
		return bytes.subarray(0, filled);
	}
}

/** The lines in some bytes from `first` on; the bytes begin at `offset`. */
function linesOf(bytes: Buffer, offset: number, first: number): PlacedLine[] {
	const lines: PlacedLine[] = [];
	for (let start = first; start < bytes.length;) {
		const found = bytes.indexOf(LF, start);
		const end = found === -1 ? bytes.length : found;
		const kept = Math.min(end, start + MAX_LINE_BYTES);
		const text = bytes.toString('utf8', start, kept);
		lines.push({ text: text.endsWith('\r') ? text.slice(0, -1) : text, offset: offset + start });
		start = end + 1;
	}
	return lines;
}

function isObject(text: string): boolean {
	try {
		const value: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
		return typeof value === 'object';
	} catch {
		return false;
	}
}

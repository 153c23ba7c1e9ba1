import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalName } from '#shared/model/feed-journal.ts';
import { HEAD_BYTES, isSameLog, TAIL_BYTES } from '../file-identity.ts';
import type { FilePlace, Generation } from '../log-sink.ts';
import { FileRewritten } from './check-file.ts';
import { LineReader } from './line-reader.ts';
import type { ReadChunk } from './line-reader.ts';
import { readAt } from './log-file.ts';

const NOTHING = Buffer.alloc(0);

/** One journal of a feed while it is read: its file is only ever added to, and has one name. */
export class JournalFile {
	readonly name: string;
	readonly journal: JournalName;
	readonly path: string;
	readonly #handle: FileHandle;
	#reader: LineReader;
	/** What is known of it; `undefined` as long as nothing of it was read. */
	log: Generation | undefined;
	size = 0;
	/** When it was written to, when it was looked at last; milliseconds since 1970. */
	writtenAt = 0;

	private constructor(path: string, name: string, journal: JournalName, handle: FileHandle) {
		this.path = path;
		this.name = name;
		this.journal = journal;
		this.#handle = handle;
		this.#reader = new LineReader(0, NOTHING, NOTHING);
	}

	/**
	 * Opens a journal, to be read on where a log of it was read to. A file that holds something else
	 * by now is read from its beginning, as a log that nobody knows.
	 */
	static async open(
		folder: string,
		name: string,
		journal: JournalName,
		known: Generation | undefined,
	): Promise<JournalFile> {
		const path = join(folder, name);
		const handle = await open(path, 'r');
		try {
			const file = new JournalFile(path, name, journal, handle);
			if (known !== undefined) {
				const reader = await file.#readerAt(known.identity.end);
				if (reader !== undefined && isSameLog(reader.identity, known.identity)) {
					file.log = known;
					file.#reader = reader;
				}
			}
			await file.look();
			return file;
		} catch (error) {
			await handle.close();
			throw error;
		}
	}

	/** Up to here all lines were handed over. */
	get end(): number {
		return this.#reader.end;
	}

	/** Whether there is more in it than was read. */
	get isBehind(): boolean {
		return this.#reader.readEnd < this.size;
	}

	/** Bytes of a line that is not whole yet. */
	get heldBytes(): number {
		return this.#reader.heldBytes;
	}

	/** Where it stands in the file system. */
	async place(): Promise<FilePlace> {
		const { dev, ino, birthtimeNs } = await this.#handle.stat({ bigint: true });
		return {
			path: this.path,
			kind: 'journal',
			device: String(dev),
			inode: String(ino),
			birth: String(birthtimeNs),
		};
	}

	/** Looks how long it is, and when it was written to. */
	async look(): Promise<void> {
		const { size, mtimeMs } = await this.#handle.stat();
		this.size = size;
		this.writtenAt = mtimeMs;
	}

	/**
	 * Reads what follows, at most one `buffer`. `added`: how many bytes there were. The chunks are
	 * good until the buffer is used again.
	 */
	async read(
		buffer: Buffer,
	): Promise<{ readonly added: number; readonly chunks: readonly ReadChunk[] }> {
		const read = () => this.#handle.read(buffer, 0, buffer.length, this.#reader.readEnd);
		let { bytesRead } = await read();
		// Asked after it was read: what is there now was there before. A torn line that was cut off
		// before others were written is no part of the next one.
		if (this.heldBytes > 0 && !(await this.#isAsRead())) {
			await this.#readAnew();
			({ bytesRead } = await read());
		}
		if (bytesRead > 0) {
			await this.look();
		}
		this.size = Math.max(this.size, this.#reader.readEnd + bytesRead);
		return {
			added: bytesRead,
			chunks: bytesRead === 0 ? [] : this.#reader.push(buffer.subarray(0, bytesRead)),
		};
	}

	/** The line at its end that nobody will finish. */
	takeHeld(): ReadChunk | undefined {
		return this.#reader.takeHeld();
	}

	close(): Promise<void> {
		return this.#handle.close();
	}

	async #isAsRead(): Promise<boolean> {
		const { overlap, readEnd } = this.#reader;
		const bytes = await readAt(this.#handle, readEnd - overlap.length, overlap.length);
		return bytes.equals(overlap);
	}

	/** Forgets the line that is not whole. */
	async #readAnew(): Promise<void> {
		const reader = await this.#readerAt(this.end);
		if (reader === undefined) {
			throw new FileRewritten(`${this.path} is shorter than it was.`);
		}
		this.#reader = reader;
		await this.look();
	}

	/** A reader that goes on at `end`; `undefined` if the file is shorter. */
	async #readerAt(end: number): Promise<LineReader | undefined> {
		const headLength = Math.min(HEAD_BYTES, end);
		const tailLength = Math.min(TAIL_BYTES, end);
		const head = await readAt(this.#handle, 0, headLength);
		const tail = await readAt(this.#handle, end - tailLength, tailLength);
		return head.length + tail.length < headLength + tailLength
			? undefined
			: new LineReader(end, head, tail);
	}
}

import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '#shared/errors.ts';
import { fileError } from './file-sentence.ts';
import { inodeOf } from './inode.ts';

const CANNOT = "can't be written";
const LF = 0x0a;

/** What was being written when it failed. */
interface Unfinished {
	readonly bytes: Buffer;
	readonly written: number;
	/** How long the file was then. */
	readonly size: number;
}

/** Adds lines at the end of a file that others may add to as well. */
export class LineWriter {
	readonly #path: string;
	#handle: FileHandle | undefined;
	#inode = '';
	#unfinished: Unfinished | undefined;

	constructor(path: string) {
		this.#path = path;
	}

	/**
	 * Opens or creates the file. A line at its end that was torn by whoever wrote it is ended with the
	 * next one that comes. Rejects with a sentence.
	 */
	async open(): Promise<void> {
		try {
			await this.#current();
		} catch (error) {
			throw fileError(error, this.#path, CANNOT);
		}
	}

	/**
	 * Adds whole lines; they are on the disk when it resolves. If it fails in the middle and is asked
	 * for the same again, it goes on where it was. Rejects with a sentence.
	 */
	async write(lines: Buffer): Promise<void> {
		try {
			const handle = await this.#current();
			const { size } = await handle.stat();
			const rest = await this.#rest(handle, lines, size);
			let done = 0;
			try {
				while (done < rest.length) {
					done += (await handle.write(rest, done)).bytesWritten;
				}
			} catch (error) {
				this.#unfinished = {
					bytes: lines,
					written: Math.max(0, lines.length - rest.length + done),
					size: size + done,
				};
				throw error;
			}
			this.#unfinished = undefined;
			await handle.datasync();
		} catch (error) {
			throw fileError(error, this.#path, CANNOT);
		}
	}

	/** How long the file is, and how long it would be with so many bytes more. */
	async size(): Promise<number> {
		try {
			const handle = await this.#current();
			return (await handle.stat()).size;
		} catch (error) {
			throw fileError(error, this.#path, CANNOT);
		}
	}

	/** Gives the file back; it is opened again when it is written to. */
	async close(): Promise<void> {
		const handle = this.#handle;
		this.#handle = undefined;
		await handle?.close();
	}

	/** What is still to be written of these lines. */
	async #rest(handle: FileHandle, lines: Buffer, size: number): Promise<Buffer> {
		const { bytes, written, size: then } = this.#unfinished ?? { bytes: lines, written: 0, size };
		const isSame =
			written > 0 && size === then && lines.subarray(0, written).equals(bytes.subarray(0, written));
		if (isSame) {
			return lines.subarray(written);
		}
		if (size === 0) {
			return lines;
		}
		const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
		const isTorn = bytesRead === 1 && buffer[0] !== LF;
		return isTorn ? Buffer.concat([Buffer.of(LF), lines]) : lines;
	}

	/** The file that is at the path now: what is written to one that was deleted would be lost. */
	async #current(): Promise<FileHandle> {
		const found = await inodeOf(this.#path);
		if (this.#handle !== undefined && found === this.#inode) {
			return this.#handle;
		}
		await this.close();
		const handle = await open(this.#path, 'a+');
		const info = await handle.stat({ bigint: true });
		if (!info.isFile()) {
			await handle.close();
			throw new AppError(
				'storage-failed',
				`${this.#path} ${CANNOT}: it is no file. Choose another path.`,
			);
		}
		this.#handle = handle;
		this.#inode = `${info.dev}-${info.ino}`;
		return handle;
	}
}

import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { keyOf } from './seen-file.ts';
import type { SeenFile } from './seen-file.ts';

/** The path leads to another file by now. */
export class FileReplaced extends Error {}

interface OpenFile {
	readonly handle: FileHandle;
	users: number;
}

/**
 * The descriptors of files being followed. At most `limit` of them are open: the one used longest
 * ago is closed for the next, and opened again by its path when it is needed. Files that have no
 * path any more go last.
 */
export class OpenFiles {
	readonly #limit: number;
	/** In the order of their last use. */
	readonly #open = new Map<SeenFile, OpenFile>();

	constructor(limit = 256) {
		this.#limit = limit;
	}

	get count(): number {
		return this.#open.size;
	}

	has(file: SeenFile): boolean {
		return this.#open.has(file);
	}

	/**
	 * Reads up to `length` bytes at `offset`; fewer only where the file ends. Throws `FileReplaced`,
	 * or as `open` does.
	 */
	async read(file: SeenFile, offset: number, length: number, into?: Buffer): Promise<Buffer> {
		const buffer = into?.subarray(0, length) ?? Buffer.allocUnsafe(length);
		return this.#use(file, async (handle) => {
			let filled = 0;
			while (filled < length) {
				const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
				if (bytesRead === 0) {
					break;
				}
				filled += bytesRead;
			}
			return buffer.subarray(0, filled);
		});
	}

	/** What the descriptor says, also of a file without a name. */
	async stat(file: SeenFile): Promise<BigIntStats> {
		return this.#use(file, (handle) => handle.stat({ bigint: true }));
	}

	async close(file: SeenFile): Promise<void> {
		const found = this.#open.get(file);
		if (found !== undefined) {
			this.#open.delete(file);
			await found.handle.close();
		}
	}

	async #use<T>(file: SeenFile, work: (handle: FileHandle) => Promise<T>): Promise<T> {
		const found = this.#open.get(file) ?? { handle: await this.#openFile(file), users: 0 };
		this.#open.delete(file);
		this.#open.set(file, found);
		found.users++;
		try {
			await this.#makeRoom(this.#limit);
			return await work(found.handle);
		} finally {
			found.users--;
		}
	}

	async #openFile(file: SeenFile): Promise<FileHandle> {
		if (!file.isListed) {
			throw new FileReplaced();
		}
		// Non-blocking: opening a FIFO would wait for a writer, and hold up all file access with it.
		const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
		const handle = await open(file.openPath, flags).catch(async (error: unknown) => {
			if (!isOutOfDescriptors(error) || this.#open.size === 0) {
				throw error;
			}
			await this.#makeRoom(this.#open.size / 2);
			return open(file.openPath, flags);
		});
		const stat = await handle.stat({ bigint: true });
		if (!stat.isFile() || keyOf(stat) !== file.key) {
			await handle.close();
			throw new FileReplaced();
		}
		return handle;
	}

	async #makeRoom(limit: number): Promise<void> {
		for (const isListed of [true, false]) {
			for (const [file, { users }] of this.#open) {
				if (this.#open.size <= limit) {
					return;
				}
				if (users === 0 && file.isListed === isListed) {
					await this.close(file);
				}
			}
		}
	}
}

function isOutOfDescriptors(error: unknown): boolean {
	return (
		error instanceof Error &&
		'code' in error &&
		(error.code === 'EMFILE' || error.code === 'ENFILE')
	);
}

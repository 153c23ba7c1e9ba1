import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, statfs, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError, messageOf } from '#shared/errors.ts';

/** So much of a disk is left free, for others and for our own database. */
const RESERVE_BYTES = 32 * 1024 * 1024;

/** How often the free space is looked at while it is written. */
const LOOK_EVERY_BYTES = 32 * 1024 * 1024;

/**
 * A file that is there as a whole or not at all: it is written beside its name and gets it at the
 * end. Under the name there is what was there before until then. A link that has the name is
 * replaced, never followed.
 */
export class PartFile {
	readonly #path: string;
	readonly #part: string;
	readonly #overwrite: boolean;
	readonly #file: FileHandle;
	#sinceLook = 0;

	private constructor(path: string, part: string, overwrite: boolean, file: FileHandle) {
		this.#path = path;
		this.#part = part;
		this.#overwrite = overwrite;
		this.#file = file;
	}

	/**
	 * Begins a file that will be about `bytes` long, 0 if nobody knows. Rejects with a sentence:
	 * `export-exists` where something has the name and `overwrite` is not said, else `export-failed`.
	 */
	static async create(
		path: string,
		{ overwrite, bytes }: { readonly overwrite: boolean; readonly bytes: number },
	): Promise<PartFile> {
		const there = await lstat(path).catch(() => undefined);
		if (there?.isDirectory() === true) {
			throw failed(`${path} is a folder: name a file in it.`);
		}
		if (there !== undefined && !overwrite) {
			throw exists(path);
		}
		await checkSpace(path, bytes);
		const part = `${path}.part-${randomBytes(4).toString('hex')}`;
		try {
			return new PartFile(path, part, overwrite, await open(part, 'wx'));
		} catch (error) {
			throw explain(error, path);
		}
	}

	/** Adds bytes. Rejects with a sentence; then `discard` is what is left to do. */
	async write(bytes: Uint8Array): Promise<void> {
		this.#sinceLook += bytes.length;
		if (this.#sinceLook >= LOOK_EVERY_BYTES) {
			this.#sinceLook = 0;
			await checkSpace(this.#path, bytes.length);
		}
		try {
			for (let at = 0; at < bytes.length;) {
				at += (await this.#file.write(bytes, at)).bytesWritten;
			}
		} catch (error) {
			throw explain(error, this.#path);
		}
	}

	/** All of it is written: it gets its name, once it is on disk. */
	async finish(): Promise<void> {
		try {
			await this.#file.sync();
			await this.#file.close();
			await (this.#overwrite ? rename(this.#part, this.#path) : this.#takeFreeName());
		} catch (error) {
			throw error instanceof AppError ? error : explain(error, this.#path);
		}
	}

	/** Leaves nothing behind. */
	async discard(): Promise<void> {
		await this.#file.close().catch(() => {}); // it may be closed
		await unlink(this.#part).catch(() => {}); // it may have its name already
	}

	/** Gives it its name unless something has got that meanwhile. */
	async #takeFreeName(): Promise<void> {
		try {
			await link(this.#part, this.#path);
		} catch (error) {
			if (codeOf(error) === 'EEXIST') {
				throw exists(this.#path);
			}
			// There are disks that know no second name of a file.
			if ((await lstat(this.#path).catch(() => undefined)) !== undefined) {
				throw exists(this.#path);
			}
			await rename(this.#part, this.#path);
			return;
		}
		await unlink(this.#part);
	}
}

async function checkSpace(path: string, bytes: number): Promise<void> {
	let free: number;
	try {
		const { bavail, bsize } = await statfs(dirname(path));
		free = bavail * bsize;
	} catch {
		return; // a system that can't tell; a folder that is not there is said when it is opened
	}
	if (free < bytes + RESERVE_BYTES) {
		throw failed(
			`There is not enough space for ${path}: ${inMebibytes(free)} are free, and it takes about ${inMebibytes(bytes + RESERVE_BYTES)}. Make room, or save it on another disk.`,
		);
	}
}

function inMebibytes(bytes: number): string {
	return `${Math.ceil(bytes / 2 ** 20).toLocaleString('en-US')} MiB`;
}

function explain(error: unknown, path: string): AppError {
	switch (codeOf(error)) {
		case 'ENOSPC':
		case 'EDQUOT':
		case 'EFBIG':
			return failed(`The disk is full: ${path} was not written. Make room and export again.`);
		case 'ENOENT':
			return failed(`There is no folder ${dirname(path)}: name one that is there.`);
		case 'ENOTDIR':
			return failed(`${dirname(path)} is no folder: name one that is there.`);
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
			return failed(`The folder ${dirname(path)} can't be written to: choose another one.`);
		case 'ENAMETOOLONG':
			return failed(`The name of ${path} is too long: choose a shorter one.`);
		default:
			return failed(`${path} can't be written: ${messageOf(error)}`);
	}
}

function exists(path: string): AppError {
	return new AppError(
		'export-exists',
		`There is something called ${path} already. Choose another name, or say that it may be replaced.`,
	);
}

function failed(message: string): AppError {
	return new AppError('export-failed', message);
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && 'code' in error ? error.code : undefined;
}

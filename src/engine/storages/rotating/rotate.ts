import { open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError } from '../lines/file-sentence.ts';
import { inodeOf } from '../lines/inode.ts';
import type { LineReader } from '../lines/line-reader.ts';
import type { DroppedAccount } from './dropped-account.ts';
import { whileLocked } from './rotation-lock.ts';

/** What is rotated, and how far. */
export interface Rotation {
	readonly path: string;
	readonly backupCount: number;
	readonly account: DroppedAccount;
	/** Knows the files. */
	readonly reader: Pick<LineReader, 'oldest'>;
}

/** The paths of a log's files, the oldest first: `PATH.5` … `PATH.1`, `PATH`. */
export function pathsOf(path: string, backupCount: number): readonly string[] {
	const older = Array.from({ length: backupCount }, (_, index) => `${path}.${backupCount - index}`);
	return [...older, path];
}

/**
 * Moves the file at the path out of the way of the next one, as Python's `RotatingFileHandler` does,
 * if it still has at least `size` bytes: another process may have been quicker. A file is only ever
 * renamed, from the oldest to the newest, so that a kill at any step leaves a gap among the numbers
 * and nothing else; the next rotation fills it and gives up no file for it. Rejects with a sentence.
 */
export async function rotate(rotation: Rotation, size: number): Promise<void> {
	const { path } = rotation;
	try {
		await whileLocked(path, async () => {
			const found = await stat(path).catch(() => undefined);
			if (found !== undefined && found.size >= size) {
				await shift(rotation);
			}
		});
	} catch (error) {
		throw fileError(error, path, "can't be rotated");
	}
}

async function shift({ path, backupCount, account, reader }: Rotation): Promise<void> {
	const paths = pathsOf(path, backupCount);
	const inodes = await Promise.all(paths.map(inodeOf));
	// The newest gap; without one the oldest file is given up.
	const gap = inodes.lastIndexOf(undefined);
	const oldest = gap === -1 ? await reader.oldest() : undefined;
	if (oldest !== undefined) {
		await account.count(oldest, () => renameFrom(paths, 0));
	} else {
		if (gap === 0) {
			await account.begin();
		}
		await renameFrom(paths, Math.max(gap, 0));
	}
}

/** Each file takes the place of the one before it, beginning with that at `first`. */
async function renameFrom(paths: readonly string[], first: number): Promise<void> {
	for (let to = first; to < paths.length - 1; to++) {
		await rename(paths[to + 1] ?? '', paths[to] ?? '');
	}
	await syncFolder(dirname(paths[0] ?? ''));
}

/** The names are on the disk. Where folders can't be synced, the system does it by itself. */
async function syncFolder(folder: string): Promise<void> {
	try {
		const handle = await open(folder, 'r');
		await handle.sync().finally(() => handle.close());
	} catch {
		// Windows has no such thing.
	}
}

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '#shared/errors.ts';
import { ONLY_READ } from '../storage-use.ts';
import type { StorageUse } from '../storage-use.ts';
import { codeOf, fileError } from './file-sentence.ts';
import { inodeOf } from './inode.ts';
import { LineWriter } from './line-writer.ts';

/** How files of entries are found; the abilities of their storage say it. */
export interface FoundFiles {
	/** Why nothing can be appended. */
	readonly readOnly?: string;
	readonly hints?: readonly string[];
}

/**
 * Looks at files of entries, the one that is written last, and creates that if entries are to be kept
 * in it. Rejects with a sentence where they can't be used.
 */
export async function findFiles(paths: readonly string[], use: StorageUse): Promise<FoundFiles> {
	const path = paths.at(-1) ?? '';
	const isThere = use === 'keep' || (await isAnyThere(paths, path));
	if (use === 'read') {
		if (!isThere) {
			throw new AppError(
				'storage-failed',
				`There is no file ${path}. Correct its path: what is only read is not made.`,
			);
		}
		return { readOnly: ONLY_READ };
	}
	if (use === 'try' && !isThere) {
		await checkFolder(path);
		return { hints: [`There is no file ${path} yet: it is made when it is used.`] };
	}
	const readOnly = await readOnlyReason(path);
	return readOnly === undefined ? {} : { readOnly };
}

async function isAnyThere(paths: readonly string[], path: string): Promise<boolean> {
	try {
		const inodes = await Promise.all(paths.map(inodeOf));
		return inodes.some((inode) => inode !== undefined);
	} catch (error) {
		throw fileError(error, path, "can't be read");
	}
}

/** Rejects where no file can be made beside this one. */
async function checkFolder(path: string): Promise<void> {
	try {
		await access(dirname(path), constants.W_OK | constants.X_OK);
	} catch (error) {
		throw fileError(error, path, "can't be written");
	}
}

/**
 * Creates the file at a path if there is none. A sentence where it is there and can be read, but not
 * written; rejects with one where it can't be used at all.
 */
async function readOnlyReason(path: string): Promise<string | undefined> {
	const writer = new LineWriter(path);
	try {
		await writer.open();
		return undefined;
	} catch (error) {
		const isDenied =
			error instanceof Error && /^(?:EACCES|EPERM|EROFS)$/.test(codeOf(error.cause) ?? '');
		if (isDenied && (await isReadable(path))) {
			return error.message;
		}
		throw error;
	} finally {
		await writer.close();
	}
}

async function isReadable(path: string): Promise<boolean> {
	try {
		await access(path, constants.R_OK);
		return true;
	} catch {
		return false;
	}
}

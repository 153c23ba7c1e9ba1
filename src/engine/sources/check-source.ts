import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { SourceConfig } from '#shared/model/source.ts';
import {
	compressionOf,
	describeSpecialFile,
	explainFileError,
	readAt,
	SNIFF_BYTES,
	whyNotPlainText,
} from './log-file.ts';

/**
 * Makes sure that something can be opened as a source. Rejects with an `AppError`
 * `source-unavailable` that says what it is instead and what to do. A pattern needs no match yet.
 */
export async function checkSource({ type, path }: SourceConfig): Promise<void> {
	if (!isAbsolute(path)) {
		throw new AppError(
			'source-unavailable',
			`${path} is not a whole path. Begin it with the root.`,
		);
	}
	try {
		if (type === 'folder') {
			await checkFolder(path);
		} else if (type === 'file') {
			await checkFile(path);
		}
	} catch (error) {
		throw explainFileError(error, path);
	}
}

async function checkFolder(path: string): Promise<void> {
	if (!(await stat(path)).isDirectory()) {
		throw new AppError('source-unavailable', `${path} is not a folder. Open it as a file.`);
	}
	await access(path, constants.R_OK | constants.X_OK);
}

async function checkFile(path: string): Promise<void> {
	// Non-blocking: opening a FIFO would wait for a writer, and hold up all file access with it.
	const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	try {
		const found = await handle.stat();
		if (!found.isFile()) {
			throw new AppError('source-unavailable', describeSpecialFile(found, path));
		}
		const bytes = await readAt(handle, 0, SNIFF_BYTES);
		const reason = compressionOf(bytes) === undefined ? whyNotPlainText(bytes) : undefined;
		if (reason !== undefined) {
			throw new AppError('source-unavailable', `${path} ${reason}`);
		}
	} finally {
		await handle.close();
	}
}

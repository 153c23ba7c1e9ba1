import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { codeOf } from './file-sentence.ts';
import { LineWriter } from './line-writer.ts';

/**
 * Creates the file at a path if there is none. A sentence where it is there and can be read, but not
 * written; rejects with one where it can't be used at all.
 */
export async function readOnlyReason(path: string): Promise<string | undefined> {
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

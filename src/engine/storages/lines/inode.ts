import { stat } from 'node:fs/promises';
import { codeOf } from './file-sentence.ts';

/** What a file is known by while it is renamed; `undefined` where there is none. */
export async function inodeOf(path: string): Promise<string | undefined> {
	try {
		const { dev, ino } = await stat(path, { bigint: true });
		return `${dev}-${ino}`;
	} catch (error) {
		if (codeOf(error) === 'ENOENT') {
			return undefined;
		}
		throw error;
	}
}

import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../error-code.ts';

/** Gives out folders for feeds. None is given out twice, not even when it was removed meanwhile. */
export class FolderNumbers {
	readonly parent: string;
	#highest = 0;

	/** `parent`: the folder that they are in; it is made with the first of them. */
	constructor(parent: string) {
		this.parent = parent;
	}

	/** Makes an empty folder and returns its path. */
	async make(): Promise<string> {
		await mkdir(this.parent, { recursive: true, mode: 0o700 });
		const numbers = (await readdir(this.parent)).map(Number).filter(Number.isSafeInteger);
		this.#highest = Math.max(this.#highest, ...numbers) + 1;
		const folder = join(this.parent, String(this.#highest));
		try {
			await mkdir(folder, { mode: 0o700 });
			return folder;
		} catch (error) {
			if (isCode(error, 'EEXIST')) {
				return await this.make();
			}
			throw error;
		}
	}
}

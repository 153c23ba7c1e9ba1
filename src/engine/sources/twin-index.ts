import type { SeenFile } from './seen-file.ts';

/** So many first bytes are looked at to find files that may be copies. */
const TWIN_BYTES = 64;

/** Finds the files that begin like another one, among thousands. */
export class TwinIndex {
	readonly #files: readonly SeenFile[];
	readonly #byHead = new Map<string, SeenFile[]>();

	constructor(files: readonly SeenFile[]) {
		this.#files = files;
		for (const file of files) {
			const key = this.#keyOf(file);
			this.#byHead.set(key, [...(this.#byHead.get(key) ?? []), file]);
		}
	}

	/** All that may begin like a file, and some others. */
	candidates(file: SeenFile): readonly SeenFile[] {
		const key = this.#keyOf(file);
		return key === '' ? this.#files : [...(this.#byHead.get(key) ?? []), ...this.#short];
	}

	get #short(): readonly SeenFile[] {
		return this.#byHead.get('') ?? [];
	}

	#keyOf({ head }: SeenFile): string {
		return head.length < TWIN_BYTES ? '' : head.toString('latin1', 0, TWIN_BYTES);
	}
}

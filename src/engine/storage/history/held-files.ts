import { closeSync } from 'node:fs';
import { openPlace } from '../query/text-reader.ts';
import { placeOf } from '../segment/generation-record.ts';
import type { GenerationRecord } from '../segment/generation-record.ts';

/** More logs than this are opened again for each slice. */
const MAX_FILES = 64;

/**
 * Holds the files of logs open whose history is being read: what is deleted, renamed or compressed
 * meanwhile is read to its end all the same.
 */
export class HeldFiles {
	readonly #files = new Map<number, number>();

	/** The descriptor of a log's file, for any thread; `undefined` if there is none to be had. */
	of(record: GenerationRecord): number | undefined {
		const known = this.#files.get(record.id);
		if (known !== undefined) {
			return known;
		}
		const isPlain = record.place.kind === 'plain' && !record.isDestroyed;
		const fd = isPlain && this.#files.size < MAX_FILES ? openPlace(placeOf(record)) : undefined;
		if (fd !== undefined) {
			this.#files.set(record.id, fd);
		}
		return fd;
	}

	/** Only while no thread reads: a descriptor that is closed may be another file's at once. */
	closeAll(): void {
		for (const fd of this.#files.values()) {
			closeSync(fd);
		}
		this.#files.clear();
	}
}

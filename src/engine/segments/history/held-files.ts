import { closeSync } from 'node:fs';
import { holds, openPlace } from '../query/text/text-reader.ts';
import { placeOf } from '../segment/generation-record.ts';
import type { GenerationRecord } from '../segment/generation-record.ts';

/** So many files stay open; those of more logs are opened again when it is their turn. */
const MAX_FILES = 64;

interface HeldFile {
	readonly fd: number;
	/** Threads that read it: a descriptor that is closed may be another file's at once. */
	users: number;
	/** It is closed when nobody reads it any more. */
	isLeft: boolean;
}

/**
 * Holds the files of logs open whose history is being read, for all threads: what is deleted,
 * renamed or compressed meanwhile is read to its end all the same.
 */
export class HeldFiles {
	/** By log; the one opened first stands first. */
	readonly #files = new Map<number, HeldFile>();

	/** The descriptor of the file that holds a log at this moment, good until something is awaited. */
	of(record: GenerationRecord): number | undefined {
		return this.#file(record)?.fd;
	}

	/** Runs `work` with the descriptors of some logs, which stay open until it is done. */
	async use<T>(
		records: readonly GenerationRecord[],
		work: (files: ReadonlyMap<number, number>) => Promise<T>,
	): Promise<T> {
		const used: HeldFile[] = [];
		const files = new Map<number, number>();
		for (const record of records) {
			const file = this.#file(record);
			if (file !== undefined) {
				file.users++;
				used.push(file);
				files.set(record.id, file.fd);
			}
		}
		try {
			return await work(files);
		} finally {
			for (const file of used) {
				file.users--;
				closeIfLeft(file);
			}
		}
	}

	/** Nothing more is to be read of a log. */
	leave(id: number): void {
		const file = this.#files.get(id);
		this.#files.delete(id);
		if (file !== undefined) {
			file.isLeft = true;
			closeIfLeft(file);
		}
	}

	/** Nothing more is to be read of any. */
	leaveAll(): void {
		for (const id of this.#files.keys()) {
			this.leave(id);
		}
	}

	#file(record: GenerationRecord): HeldFile | undefined {
		const known = this.#files.get(record.id);
		if (known !== undefined && holds(known.fd, record.identity)) {
			return known;
		}
		// It was overwritten: another file may hold the log by now.
		this.leave(record.id);
		const isPlain = record.place.kind === 'plain' && !record.isDestroyed;
		const fd = isPlain ? openPlace(placeOf(record)) : undefined;
		if (fd === undefined) {
			return undefined;
		}
		if (!holds(fd, record.identity)) {
			closeSync(fd);
			return undefined;
		}
		const file = { fd, users: 0, isLeft: false };
		this.#files.set(record.id, file);
		this.#makeRoom(record.id);
		return file;
	}

	#makeRoom(kept: number): void {
		for (const [id, { users }] of this.#files) {
			if (this.#files.size <= MAX_FILES) {
				break;
			}
			if (users === 0 && id !== kept) {
				this.leave(id);
			}
		}
	}
}

function closeIfLeft({ fd, users, isLeft }: HeldFile): void {
	if (isLeft && users === 0) {
		closeSync(fd);
	}
}

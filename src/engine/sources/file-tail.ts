import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { messageOf } from '#shared/errors.ts';
import { FileCursor, FileRewritten } from './file-cursor.ts';
import type { CursorPosition } from './file-cursor.ts';
import { isSameLog } from './file-identity.ts';
import { explainFileError, isMissing, openLogFile } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import type { LineBatch, Source, SourcePosition, SourceProgress } from './source.ts';
import { FileWatch } from './watch-file.ts';

const positionSchema = v.object({
	identity: v.object({
		headLength: v.number(),
		head: v.string(),
		tailLength: v.number(),
		tail: v.string(),
		end: v.number(),
	}),
	historyEnd: v.number(),
});

/** A file that is being written is looked at more often than a watcher's events come (50 ms). */
const BUSY_POLL_MS = 20;
const BUSY_FOR_MS = 1_000;

export interface FileTailOptions {
	readonly onProgress: (progress: SourceProgress) => void;
	/** How often to look without being woken. */
	readonly pollMs?: number;
	/** How much is read at a time; also how long history holds up what is new. */
	readonly chunkBytes?: number;
	/** How much of a log seen for the first time is read before its history. */
	readonly tailBytes?: number;
}

/**
 * Follows one log file: the newest entries first, then what is added, and between the two its
 * history backwards. A file that was truncated, rewritten or replaced is begun anew; one that is
 * gone is waited for.
 */
export class FileTail implements Source {
	readonly #path: string;
	readonly #options: Required<FileTailOptions>;
	#lastLinesAt = -Infinity;
	#progress: SourceProgress = { state: 'following', sizeBytes: 0, readBytes: 0, heldBytes: 0 };

	constructor(path: string, options: FileTailOptions) {
		this.#path = path;
		this.#options = { pollMs: 250, chunkBytes: 512 * 1024, tailBytes: 256 * 1024, ...options };
	}

	async *read(from: SourcePosition | undefined, signal: AbortSignal): AsyncGenerator<LineBatch> {
		const watch = new FileWatch(this.#path, signal);
		let position = v.is(positionSchema, from) ? (from as CursorPosition) : undefined;
		let cursor: FileCursor | undefined;
		let isFirst = true;
		try {
			while (!signal.aborted) {
				try {
					if (cursor !== undefined) {
						for await (const batch of this.#readForwards(cursor, isFirst ? 'first' : 'next')) {
							isFirst = false;
							yield batch;
						}
						if (cursor.historyEnd > 0) {
							const lines = await cursor.readBack(this.#options.chunkBytes);
							await this.#report(cursor);
							yield await this.#batch(cursor, lines, 'history');
							continue;
						}
					}
					// A file that was renamed or deleted has been read to its end by now.
					if (cursor === undefined || (await this.#isReplaced(cursor.file))) {
						position = (await cursor?.position()) ?? position;
						const next = await this.#open(position);
						await cursor?.file.handle.close();
						cursor = next.cursor;
						isFirst = !next.isResumed;
						continue;
					}
					await this.#report(cursor);
				} catch (error) {
					if (error instanceof FileRewritten) {
						await cursor?.file.handle.close();
						cursor = undefined;
						position = undefined;
						continue;
					}
					this.#reportError(error);
				}
				await watch.next(this.#isBusy() ? BUSY_POLL_MS : this.#options.pollMs);
			}
		} finally {
			await cursor?.file.handle.close();
			await watch.close();
		}
	}

	/** Whether lines came just now: then more will, sooner than a watcher would tell. */
	#isBusy(): boolean {
		return performance.now() - this.#lastLinesAt < BUSY_FOR_MS;
	}

	/** Opens the file at `position` if it is the same log still, else at its newest entries. */
	async #open(
		position: CursorPosition | undefined,
	): Promise<{ readonly cursor: FileCursor; readonly isResumed: boolean }> {
		const file = await openLogFile(this.#path);
		const wasRead = position !== undefined && position.identity.end > 0;
		if (wasRead && (await isSameLog(file, position.identity))) {
			return { cursor: await FileCursor.resume(file, position), isResumed: true };
		}
		return { cursor: await FileCursor.begin(file, this.#options.tailBytes), isResumed: false };
	}

	async *#readForwards(cursor: FileCursor, place: 'first' | 'next'): AsyncGenerator<LineBatch> {
		let lines = await cursor.readNext(this.#options.chunkBytes);
		while (lines !== undefined) {
			await this.#report(cursor);
			if (lines.length > 0) {
				this.#lastLinesAt = performance.now();
				yield await this.#batch(cursor, lines, place);
				place = 'next';
			}
			lines = await cursor.readNext(this.#options.chunkBytes);
		}
	}

	async #batch(
		cursor: FileCursor,
		lines: LineBatch['lines'],
		place: LineBatch['place'],
	): Promise<LineBatch> {
		const position = await cursor.position();
		return { lines, place, historyBytes: cursor.historyEnd, position: { ...position } };
	}

	/** Whether the path now leads to another file than the open one. */
	async #isReplaced(file: LogFile): Promise<boolean> {
		const found = await stat(this.#path, { bigint: true });
		return String(found.ino) !== file.inode || String(found.dev) !== file.device;
	}

	async #report(cursor: FileCursor): Promise<void> {
		const { size } = await cursor.file.handle.stat();
		this.#setProgress({
			state: cursor.historyEnd > 0 ? 'indexing' : 'following',
			sizeBytes: size,
			readBytes: cursor.readBytes,
			heldBytes: cursor.heldBytes,
		});
	}

	#reportError(error: unknown): void {
		const { sizeBytes, readBytes, heldBytes } = this.#progress;
		const numbers = { sizeBytes, readBytes, heldBytes };
		if (isMissing(error)) {
			const message = `${this.#path} is gone. Its entries stay; when it comes back, it is read on.`;
			this.#setProgress({ ...numbers, state: 'missing', message });
		} else {
			const message = messageOf(explainFileError(error, this.#path));
			this.#setProgress({ ...numbers, state: 'failed', message });
		}
	}

	#setProgress(progress: SourceProgress): void {
		this.#progress = progress;
		this.#options.onProgress(progress);
	}
}

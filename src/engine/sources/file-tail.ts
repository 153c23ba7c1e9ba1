import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { AppError, messageOf } from '#shared/errors.ts';
import { FileCursor, FileRewritten } from './file-cursor.ts';
import type { CursorPosition } from './file-cursor.ts';
import { LeavingFiles } from './leaving-files.ts';
import { explainFileError, isMissing, openLogFile } from './log-file.ts';
import type { LogFile } from './log-file.ts';
import type { RawLine } from '../pipeline/line-splitter.ts';
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
	/** How long a file that was replaced is read on, after the last that was written to it. */
	readonly lingerMs?: number;
}

/**
 * Follows one log file: the newest entries first, then what is added, and between the two its
 * history backwards. A file that was truncated, rewritten or replaced is begun anew; one that is
 * gone is waited for. The progress that is told is that of what the consumer has stored.
 */
export class FileTail implements Source {
	readonly #path: string;
	readonly #options: Required<FileTailOptions>;
	#lastLinesAt = -Infinity;
	#progress: SourceProgress = { state: 'following', sizeBytes: 0, readBytes: 0, heldBytes: 0 };

	constructor(path: string, options: FileTailOptions) {
		this.#path = path;
		this.#options = {
			pollMs: 250,
			chunkBytes: 512 * 1024,
			tailBytes: 256 * 1024,
			lingerMs: 5_000,
			...options,
		};
	}

	async *read(from: SourcePosition | undefined, signal: AbortSignal): AsyncGenerator<LineBatch> {
		const watch = new FileWatch(this.#path, signal);
		const leaving = new LeavingFiles(this.#options);
		let position = v.is(positionSchema, from) ? (from as CursorPosition) : undefined;
		let cursor: FileCursor | undefined;
		let isFirst = true;
		try {
			while (!signal.aborted) {
				try {
					if (cursor !== undefined) {
						for await (const lines of this.#readForwards(cursor, signal)) {
							yield batchOf(lines, isFirst ? 'first' : 'next', cursor.position);
							isFirst = false;
						}
						// Before its first lines, the new file has no place yet that could be saved.
						position = isFirst ? position : cursor.position;
						for await (const lines of leaving.read()) {
							yield batchOf(lines, 'next', position ?? cursor.position);
						}
						if (cursor.historyEnd > 0) {
							const lines = await cursor.readBack(this.#options.chunkBytes);
							yield batchOf(lines, 'history', cursor.position);
							await this.#report(cursor);
							continue;
						}
					}
					if (cursor === undefined || (await this.#isReplaced(cursor.file))) {
						const next = await this.#open(position);
						if (cursor !== undefined && next.isResumed) {
							await cursor.file.handle.close();
						} else if (cursor !== undefined) {
							leaving.add(cursor);
						}
						cursor = next.cursor;
						isFirst = !next.isResumed;
						continue;
					}
					await this.#report(cursor);
				} catch (error) {
					if (error instanceof FileRewritten) {
						const held = cursor?.takeHeld() ?? [];
						if (cursor !== undefined && held.length > 0) {
							yield batchOf(held, isFirst ? 'first' : 'next', cursor.position);
						}
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
			await leaving.close();
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
		try {
			const wasRead = position !== undefined && position.identity.end > 0;
			const resumed = wasRead ? await FileCursor.resume(file, position) : undefined;
			if (resumed !== undefined) {
				return { cursor: resumed, isResumed: true };
			}
			const begun = await FileCursor.begin(file, this.#options.tailBytes);
			if (begun === undefined) {
				throw new AppError('source-unavailable', `${this.#path} is being written anew.`);
			}
			return { cursor: begun, isResumed: false };
		} catch (error) {
			await file.handle.close();
			throw error;
		}
	}

	async *#readForwards(cursor: FileCursor, signal: AbortSignal): AsyncGenerator<RawLine[]> {
		let lines = await cursor.readNext(this.#options.chunkBytes);
		while (lines !== undefined && !signal.aborted) {
			if (lines.length > 0) {
				this.#lastLinesAt = performance.now();
				yield lines;
			}
			await this.#report(cursor);
			lines = await cursor.readNext(this.#options.chunkBytes);
		}
	}

	/** Whether the path now leads to another file than the open one. */
	async #isReplaced(file: LogFile): Promise<boolean> {
		const found = await stat(this.#path, { bigint: true });
		return String(found.ino) !== file.inode || String(found.dev) !== file.device;
	}

	async #report(cursor: FileCursor): Promise<void> {
		const { size } = await cursor.file.handle.stat();
		const isBehind = size - cursor.readEnd > this.#options.chunkBytes;
		this.#setProgress({
			state: cursor.historyEnd > 0 || isBehind ? 'indexing' : 'following',
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

function batchOf(
	lines: readonly RawLine[],
	place: LineBatch['place'],
	position: CursorPosition,
): LineBatch {
	return { lines, place, historyBytes: position.historyEnd, position: { ...position } };
}

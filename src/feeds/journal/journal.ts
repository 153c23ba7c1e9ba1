import { open, readdir, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { formatJournalName, parseJournalName } from '#shared/model/feed-journal.ts';
import type { Batch } from './batch.ts';
import { cutTornLine } from './cut-torn-line.ts';

/** A journal of so many bytes is followed by another one. */
export const JOURNAL_BYTES = 32 * 1024 * 1024;

/**
 * The journals of one session, at their end. The number of a line is its place: that of its
 * journal's first line, which is in the file's name, and the lines before it. So a line and its
 * number are one write, and what was stored last can be read from the file alone.
 */
export class Journal {
	readonly session: string;
	readonly #folder: string;
	#file: FileHandle | undefined;
	#size = 0;
	#last: number;
	/** The journal's name may not be on the disk yet. */
	#isNameNew = false;

	private constructor(folder: string, session: string, last: number) {
		this.#folder = folder;
		this.session = session;
		this.#last = last;
	}

	/**
	 * Opens the newest journal of a session that is later than `ended`, the last line of those that
	 * are finished; a torn line at its end is cut off. Without one the next line begins a journal.
	 */
	static async open(folder: string, session: string, ended: number): Promise<Journal> {
		const firsts = (await readdir(folder))
			.map(parseJournalName)
			.filter((name) => name?.session === session)
			.map((name) => name?.first ?? 0);
		const first = Math.max(0, ...firsts);
		const journal = new Journal(folder, session, ended);
		if (first > ended) {
			const file = await open(join(folder, formatJournalName({ session, first })), 'r+');
			journal.#file = file;
			try {
				const { size, lines } = await cutTornLine(file);
				journal.#size = size;
				journal.#last = first + lines - 1;
			} catch (error) {
				await journal.close();
				throw error;
			}
		}
		return journal;
	}

	/** The number of the last line stored; 0 if there is none. */
	get last(): number {
		return this.#last;
	}

	/**
	 * Writes a batch; `isDurable`: it is on the disk when the promise resolves. Rejects when that
	 * can't be: called again with the same batch, it goes on where it had to stop.
	 */
	async write(batch: Batch, isDurable: boolean): Promise<void> {
		if (batch.startAt !== undefined) {
			return await this.#jump(batch, batch.startAt);
		}
		if (this.#file === undefined || (this.#size >= JOURNAL_BYTES && !batch.isSealed)) {
			await this.#next();
		}
		const file = this.#file;
		if (file === undefined) {
			throw new Error('The journal is closed');
		}
		while (batch.left.length > 0) {
			const { bytesWritten } = await file.writev(batch.left, this.#size);
			if (bytesWritten === 0) {
				throw new Error('The disk takes no more');
			}
			this.#size += bytesWritten;
			batch.wrote(bytesWritten);
		}
		if (isDurable) {
			await file.datasync();
			if (this.#isNameNew) {
				await syncFolder(this.#folder);
				this.#isNameNew = false;
			}
		}
		this.#last += batch.lines;
	}

	/** Whether somebody has deleted the file that is written to: nobody will ever read it. */
	async isGone(): Promise<boolean> {
		return this.#file !== undefined && (await this.#file.stat()).nlink === 0;
	}

	/** Closes the file; nothing may be written any more. */
	async close(): Promise<void> {
		const file = this.#file;
		this.#file = undefined;
		await file?.close();
	}

	/** Begins the journal that follows. */
	async #next(): Promise<void> {
		// Not 'a': on Linux that appends, whatever position is given.
		const file = await open(this.#pathOf(this.#last + 1), 'wx+', 0o600);
		await this.#take(file);
	}

	/**
	 * Begins a journal that leaves numbers out. It is there with its first lines or not at all: an
	 * empty one would say that what is left out was stored.
	 */
	async #jump(batch: Batch, first: number): Promise<void> {
		const path = this.#pathOf(first);
		const file = await open(`${path}.new`, 'w+', 0o600);
		try {
			batch.rewind();
			await file.writeFile(Buffer.concat(batch.left));
			await file.datasync();
			await rename(`${path}.new`, path);
		} catch (error) {
			await file.close();
			throw error;
		}
		await this.#take(file);
		await syncFolder(this.#folder);
		this.#size = batch.bytes;
		this.#last = first - 1 + batch.lines;
	}

	async #take(file: FileHandle): Promise<void> {
		await this.close();
		this.#file = file;
		this.#size = 0;
		this.#isNameNew = true;
	}

	#pathOf(first: number): string {
		return join(this.#folder, formatJournalName({ session: this.session, first }));
	}
}

/** The last line of each session that has journals in a folder, but for one. Torn lines are cut off. */
export async function lastLines(
	folder: string,
	except: string,
	known: Readonly<Record<string, number>>,
): Promise<Map<string, number>> {
	const names = (await readdir(folder)).map(parseJournalName);
	const sessions = new Set(names.flatMap((name) => name?.session ?? []));
	sessions.delete(except);
	const lasts = new Map<string, number>();
	for (const session of sessions) {
		const journal = await Journal.open(folder, session, known[session] ?? 0);
		lasts.set(session, journal.last);
		await journal.close();
	}
	return lasts;
}

/** Makes the names in a folder durable; Windows does so by itself and can't open a folder. */
async function syncFolder(folder: string): Promise<void> {
	if (process.platform !== 'win32') {
		const handle = await open(folder, 'r');
		await handle.sync().finally(() => handle.close());
	}
}

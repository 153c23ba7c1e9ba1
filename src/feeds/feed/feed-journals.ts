import { stat } from 'node:fs/promises';
import type { FeedFile } from '#shared/model/feed-journal.ts';
import { isCode } from '../error-code.ts';
import type { Batch } from '../journal/batch.ts';
import { Journal, lastLines } from '../journal/journal.ts';
import { writeFeedFile } from './feed-folder.ts';
import type { FolderNumbers } from './folder-numbers.ts';

/** The session of senders that number nothing. */
export const PLAIN = 'plain';

/** So many sessions are remembered after their journals were read and deleted. */
const MAX_ENDED = 16;

/**
 * What one feed has on the disk: its folder, feed.json, and the journals of its sessions, of which
 * one is written to at a time. Its methods but `lastKnown` follow one another.
 */
export class FeedJournals {
	/** What feed.json should say; call `saveFile` after a change. */
	readonly file: FeedFile;
	readonly #numbers: FolderNumbers;
	/** The last line stored of each session that was written to. */
	readonly #lasts = new Map<string, number>();
	#folder: string | undefined;
	#journal: Journal | undefined;

	/** `folder`: where it is, if it is anywhere. */
	constructor(numbers: FolderNumbers, folder: string | undefined, file: FeedFile) {
		this.#numbers = numbers;
		this.#folder = folder;
		this.file = file;
	}

	/** Where its journals are; `undefined` as long as there are none. */
	get folder(): string | undefined {
		return this.#folder;
	}

	/** Where journals of a feed are, or will be. */
	get place(): string {
		return this.#folder ?? this.#numbers.parent;
	}

	/**
	 * Writes a batch where it can be read, also when the folder was removed meanwhile; numbered lines
	 * are on the disk afterwards. Resolves with the number of the session's last line.
	 */
	async store(batch: Batch): Promise<number> {
		for (;;) {
			this.#journal ??= await this.#open(batch.session);
			if (this.#journal.session !== batch.session) {
				await this.close();
				continue;
			}
			const journal = this.#journal;
			const before = journal.last;
			if (await this.#write(journal, batch)) {
				this.#lasts.set(batch.session, journal.last);
				return journal.last;
			}
			// Whoever closes a feed removes its folder: what comes now is a feed of its own.
			batch.rewind();
			this.#lasts.set(batch.session, before);
			this.file.ended = { ...this.file.ended, [batch.session]: before };
			await this.close();
		}
	}

	/** The number of a session's last line as far as it is on the disk; nothing is begun by asking. */
	async lastKnown(session: string): Promise<number> {
		const known = this.#lasts.get(session);
		if (known !== undefined || this.#folder === undefined || !(await isThere(this.#folder))) {
			return known ?? this.file.ended[session] ?? 0;
		}
		const journal = await Journal.open(this.#folder, session, this.file.ended[session] ?? 0);
		await journal.close();
		return journal.last;
	}

	/** Writes feed.json as `file` is now, if there is a folder. */
	async saveFile(): Promise<void> {
		if (this.#folder === undefined) {
			return; // it is written with the first line
		}
		try {
			await writeFeedFile(this.#folder, this.file);
		} catch (error) {
			// A feed that was closed stays so until it sends something.
			if (!isCode(error, 'ENOENT')) {
				throw error;
			}
		}
	}

	/** Closes the open journal; the next batch opens it again. */
	async close(): Promise<void> {
		const journal = this.#journal;
		this.#journal = undefined;
		await journal?.close();
	}

	/** Whether a batch is where it should be; not if the journal was deleted meanwhile. */
	async #write(journal: Journal, batch: Batch): Promise<boolean> {
		try {
			if (batch.lines > 0) {
				await journal.write(batch, batch.session !== PLAIN);
			}
			return !(await journal.isGone());
		} catch (error) {
			if (isCode(error, 'ENOENT') && !(await isThere(this.place))) {
				return false;
			}
			throw error;
		}
	}

	async #open(session: string): Promise<Journal> {
		if (this.#folder === undefined || !(await isThere(this.#folder))) {
			this.file.ended = { ...this.file.ended, ...Object.fromEntries(this.#lasts) };
			this.#folder = await this.#numbers.make();
			await writeFeedFile(this.#folder, this.file);
		}
		await this.#endOthers(this.#folder, session);
		return await Journal.open(this.#folder, session, this.file.ended[session] ?? 0);
	}

	/** Remembers where other sessions ended: their journals are deleted once they are read. */
	async #endOthers(folder: string, session: string): Promise<void> {
		const lasts = await lastLines(folder, session, this.file.ended);
		const ended = new Map(Object.entries(this.file.ended));
		for (const [other, last] of lasts) {
			if (last > (ended.get(other) ?? 0)) {
				ended.delete(other); // to the end of the list
				ended.set(other, last);
			}
		}
		const tooMany = [...ended.keys()].slice(0, Math.max(ended.size - MAX_ENDED, 0));
		for (const other of tooMany.filter((name) => name !== session && !lasts.has(name))) {
			ended.delete(other);
		}
		const next = Object.fromEntries(ended);
		if (JSON.stringify(next) !== JSON.stringify(this.file.ended)) {
			this.file.ended = next;
			await writeFeedFile(folder, this.file);
		}
	}
}

async function isThere(folder: string): Promise<boolean> {
	return (await stat(folder).catch(() => undefined)) !== undefined;
}

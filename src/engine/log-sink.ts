/**
 * How the bytes of a log are stored in its file. A journal is plain too, but leaves as soon as it is
 * stored: its text is kept with its entries.
 */
export type FileKind = 'plain' | 'gzip' | 'zstd' | 'journal';

/**
 * What tells a log from every other, made of bytes already read: in a file that is only ever added
 * to they never change, so that any change proves a rewrite. Device and inode are no more than a
 * hint: ext4 gives a deleted file's inode to the next one.
 */
export interface FileIdentity {
	/** SHA-256 over the first `headLength` bytes: those before `end`, at most 1,024. */
	readonly headLength: number;
	readonly head: string;
	/** SHA-256 over the `tailLength` bytes before `end`, at most 256. */
	readonly tailLength: number;
	readonly tail: string;
	readonly end: number;
}

/** Where a log is: the file that had it when it was seen last. */
export interface FilePlace {
	readonly path: string;
	readonly kind: FileKind;
	/**
	 * Device, inode and time of birth in ns, as text: 64-bit numbers. A hint, never a proof. Empty if
	 * no file has the log any more.
	 */
	readonly device: string;
	readonly inode: string;
	readonly birth: string;
}

/**
 * One log by its content, whatever file holds it by now. `identity.end` is where reading goes on:
 * the beginning of a line, counted in unpacked bytes. What is before it was taken, or left to be
 * read later; it never changes in a log that is only added to, so that any change proves a rewrite.
 */
export interface Generation {
	/** Unique in the data folder, rising with the time it was first seen. */
	readonly id: number;
	readonly place: FilePlace;
	readonly identity: FileIdentity;
	/** Nothing more will come of it: its file was compressed and read, or is gone. */
	readonly isClosed: boolean;
}

/** Only so much of a line is read: one line must not take the memory of the whole process. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** A stretch of a log: whole lines, in their order. */
export interface LogChunk {
	/**
	 * Whole lines with their line ends; empty for a hole, a stretch of a sparse file in which nothing
	 * was ever written, with its size as `length`. The last one may lack its end if nothing more will come of
	 * this log. May be reused after `append` has resolved.
	 */
	readonly bytes: Buffer;
	/** Where they begin in the log. */
	readonly offset: number;
	/**
	 * Set for a single line over the limit, of which `bytes` has only the beginning: how long it is,
	 * its line end included.
	 */
	readonly length?: number;
}

/** Something destroyed before it could be read. */
export interface LogGap {
	readonly generation: number;
	/** How much, as far as known. */
	readonly bytes?: number;
	/** A sentence for the user: what happened, to which file. */
	readonly message: string;
}

/**
 * What a source hands its logs to, and what remembers them. What `append`, `leave`, `move` and
 * `close` say is saved together with the lines they speak of, in one transaction, in their order:
 * after a crash `generations` tells a moment between two of these calls, never a half.
 */
export interface LogSink {
	/** The logs of this source, in the order they were first seen. */
	generations(): readonly Generation[];
	/**
	 * A log not seen before. Keeps `historyEntries` places in the order of arrival, before all that
	 * is appended afterwards, for what will be read of it out of turn.
	 */
	begin(place: FilePlace, historyEntries: number): Generation;
	/**
	 * Takes lines that begin at the log's `identity.end`; `identity` is that after them. `place`:
	 * `live` lines are the newest entries there are; `history` ones stand in the places kept free.
	 * Resolves when more may be read; it waits while the storage can take nothing. A log that was
	 * closed is open again if more of it turns up after all.
	 */
	append(
		generation: number,
		chunk: LogChunk,
		identity: FileIdentity,
		place: 'live' | 'history',
	): Promise<void>;
	/**
	 * Steps over a stretch of a plain log from its `identity.end` to that of `identity`, both the
	 * beginning of an entry: it is read later, by others, newest part first, straight from the file.
	 * It keeps as many places as the stretch has bytes, unless `begin` kept them: only the first
	 * stretch of a log, from offset 0, stands in those.
	 */
	leave(generation: number, identity: FileIdentity): void;
	/** The log is in another file now: renamed, copied, saved over or compressed. */
	move(generation: number, place: FilePlace): void;
	/** Nothing more will come of it. Whatever `leave` left may still be read while its file lasts. */
	close(generation: number): void;
	/** The file's content was destroyed: what `leave` left and is still unread is lost, with a gap. */
	destroy(generation: number, reason: string): void;
	/** Shows a gap as an entry at this place in the order of arrival. */
	gap(gap: LogGap): void;
}

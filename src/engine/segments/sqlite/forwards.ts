import type { ReadonlyDatabase, WritableDatabase } from './schema.ts';

/** How far a storage that is fed from this database has come. */
export interface Forward {
	/** Which storage: its address without a password. */
	readonly address: string;
	/**
	 * What this database calls itself to that storage, a new name for each pair of them and each run of
	 * the app that hands something on (see `inThisRun`).
	 */
	readonly writer: string;
	/** Entries up to and with this `seq` were taken by it, or are not meant for it. */
	readonly after: number;
	/** It began behind this `seq`: what is up to it was not meant for it. */
	readonly begun: number;
	/** Entries behind the first and up to and with the second `seq` were taken before: none of 0 and 0. */
	readonly had_after: number;
	readonly had_to: number;
	/** Entries up to and with this `seq` were there before: to keep them costs nothing more. */
	readonly since: number;
	/** Entries that left before they were taken. */
	readonly missed: number;
	/** What it called itself before, and up to and with which `seq` that is what entries are known by. */
	readonly before: string;
	readonly before_to: number;
}

/**
 * The same with a new name for the entries behind the `seq` `last`, the newest one that may have been
 * offered before this run. A copy of the data folder, or one that was put back from a backup, gives its
 * next numbers to other entries than its original did; by the original's name a storage would take them
 * for those that it has. By the old name are offered only entries that the two have in common.
 */
export function inThisRun(forward: Forward, last: number, writer: string): Forward {
	const hasTakenAll = forward.after >= forward.before_to;
	return {
		...forward,
		writer,
		...(hasTakenAll ? { before: forward.writer, before_to: last } : {}),
	};
}

/** How many `seq`s from one to another, both inclusive, it has not taken and is meant to get. */
export function wantedBetween(forward: Forward, from: number, to: number): number {
	const { after, had_after, had_to } = forward;
	const upTo = (last: number, behind: number) =>
		Math.max(Math.min(to, last) - Math.max(from - 1, behind), 0);
	return upTo(to, after) - (after < had_after ? upTo(had_to, had_after) : 0);
}

/** All of them, also of storages that are not in use any more. */
export function readForwards(db: ReadonlyDatabase | WritableDatabase): Forward[] {
	return db.prepare('SELECT * FROM forward').all() as Forward[];
}

/** Takes the place of what was known of that storage. */
export function saveForward(db: WritableDatabase, forward: Forward): void {
	db.prepare(
		'INSERT OR REPLACE INTO forward VALUES (@address, @writer, @after, @begun, @had_after, @had_to, @since, @missed, @before, @before_to)',
	).run(forward);
}

import type { ReadonlyDatabase, WritableDatabase } from './schema.ts';

/** How far a storage that is fed from this database has come. */
export interface Forward {
	/** Which storage: its address without a password. */
	readonly address: string;
	/**
	 * What this database calls itself to that storage, a new name for each pair of them: a database
	 * that was built anew gives out its numbers a second time.
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
		'INSERT OR REPLACE INTO forward VALUES (@address, @writer, @after, @begun, @had_after, @had_to, @since, @missed)',
	).run(forward);
}

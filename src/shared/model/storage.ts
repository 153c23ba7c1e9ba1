/** What a storage can do and what it promises; shown as it is. */
export interface StorageAbilities {
	/** What an acknowledged entry survives: nothing, the end of the app, the loss of this machine's power. */
	readonly durability: 'memory' | 'disk' | 'server';
	/** `once`: an entry offered again after a failure is recognised; `at-least-once`: it may be there twice. */
	readonly delivery: 'once' | 'at-least-once';
	/** How it hears of entries that others write. */
	readonly follows: 'push' | 'poll' | 'own-only';
	/** Whether others may write to it at the same time. */
	readonly isShared: boolean;
	/** Nothing can be appended: why, in a sentence. */
	readonly readOnly?: string;
	/** Sentences on what is missing or slow, and what to do: "The table has no index on ts: …". */
	readonly hints?: readonly string[];
}

/** The kinds of storages, by how their addresses begin. */
export const STORAGE_KINDS = [
	'sqlite',
	'memory',
	'jsonl',
	'rotating',
	'postgres',
	'redis',
	'custom',
] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];

/** Over how many of the newest entries is computed what a storage does not answer by itself. */
export const STORAGE_WINDOW = 10_000;

/** How a storage in use is doing. */
export type StorageCondition =
	/** It is being opened, or tried again after a failure. */
	| 'connecting'
	| 'ready'
	/** It refuses or is away; it is tried again by itself. */
	| 'failed';

/** One of the storages in use. */
export interface StorageInfo {
	/** Its address without a password, as `formatStorageAddress` writes it: what it is known by. */
	readonly address: string;
	readonly kind: StorageKind;
	/** A short name for people: "SQLite", "Postgres asyncz_logs at db.example". */
	readonly name: string;
	/** The one that the table shows, or one that receives everything as well. */
	readonly role: 'active' | 'mirror';
	readonly condition: StorageCondition;
	/** For `failed`: what failed, on what, what to do; for `ready`: what it can't do all the same, and why. */
	readonly message?: string;
	/** `undefined` until it was reached. */
	readonly abilities?: StorageAbilities;
	readonly stats?: StorageNumbers;
	/** Entries that are kept in the local database until it has them. */
	readonly waiting: number;
	/** Entries that left the local database before it had them: they are lost to it. */
	readonly missed: number;
	/** It was given entries since it is in use. */
	readonly hasTaken?: boolean;
}

/** How many entries are in a storage, as far as it knows. */
export interface StorageNumbers {
	readonly size: number;
	readonly isEstimate?: boolean;
	readonly appended?: number;
	readonly dropped?: number;
	readonly bytes?: number;
}

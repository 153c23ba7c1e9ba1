/**
 * Where logs are kept, as the author of a storage sees it: five methods. Everything else that the
 * table shows (counts, histogram, facets, rows by their number) is computed from `query`, unless the
 * storage answers it by itself (`own`).
 */
import type { StorageAbilities } from '#shared/model/storage.ts';
import type {
	Count,
	CountQuery,
	Filter,
	Order,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';

/** AsyncZ's record, as it is handed to a storage. */
export interface NewEntry {
	/** Microseconds since 1970, UTC. */
	readonly ts: number;
	/** The level's name in upper case: standard where it is known, otherwise as written. */
	readonly level: string;
	readonly message: string;
	readonly logger: string;
	readonly task_id?: string;
	/**
	 * JSON text of an object, as it was written: numbers keep all their digits. A traceback is in it,
	 * under `exception` unless that key was taken (see `recordJson`).
	 */
	readonly extra?: string;
	/** Who hands it over, and which of theirs it is: see `LogStorage.append`. */
	readonly origin?: EntryOrigin;
}

/** What an entry is known by when it is handed over a second time. */
export interface EntryOrigin {
	/** The same for all that one app has read in one run; letters, digits and `-`, at most 64. */
	readonly writer: string;
	/** Rising over all entries of a writer; whole, 0 to 2^53. */
	readonly number: number;
}

/** An entry as a storage gives it back. */
export interface StoredEntry extends Omit<NewEntry, 'origin'> {
	/** The storage's own id, unique in it and the same at each reading: `1792000000000-0`, `42`. */
	readonly id: string;
	/**
	 * Its place in the order of arrival, where the storage has numbers for that: whole, 1 to 2^53,
	 * unique, and the same at each reading. Without one the app numbers entries as it reads them.
	 */
	readonly seq?: number;
	/** The line it was read from, if there is one that says more than the fields. */
	readonly raw?: string;
	/** Why it could not be read as an entry: a sentence. `message` is its text then. */
	readonly problem?: string;
}

/** Which entries, and how many. */
export interface StorageQuery {
	/** As in `matchFilter`; `{}`: all. Every entry that is returned must match, and none may be left out. */
	readonly filter: Filter;
	/** `matchFilter` of it, ready to be used: a storage that has no better way calls it for each. */
	readonly matches: (entry: StoredEntry) => boolean;
	/** `arrival`: as they came; `time`: by `ts`, then as they came. */
	readonly order: Order;
	/** At most so many: 1 to 10,000. */
	readonly limit: number;
	/** Only entries that stand behind this one: the last one of the page before. */
	readonly before?: StoredEntry;
}

/** Entries that match, newest first. */
export interface StoragePage {
	readonly entries: readonly StoredEntry[];
	/** Nothing that matches stands behind the last of these. */
	readonly isEnd: boolean;
}

/** How many entries a storage has, and where they begin. */
export interface StorageStats {
	/** Entries that can be queried. */
	readonly size: number;
	/** `size` is an estimate, where counting would take too long. */
	readonly isEstimate?: boolean;
	/** Entries ever appended, by whoever, where that is known. */
	readonly appended?: number;
	/** Entries that left to keep within bounds, where that is known. */
	readonly dropped?: number;
	/** Bytes it takes where it keeps them, where that is known. */
	readonly bytes?: number;
}

/** Who is told what comes. */
export interface StorageFollower {
	/** Entries that were appended since `follow` resolved, by whoever: each once, as they came. */
	onEntries(entries: readonly StoredEntry[]): void;
	/** Entries left, or others came between those there were: what was read is to be read again. */
	onReset(): void;
	/** It can't be followed at the moment and is tried again: a sentence. `undefined`: it works again. */
	onProblem(message: string | undefined): void;
}

/**
 * A place where logs are kept. Its methods reject with an `Error` whose message is a sentence for the
 * user: what failed, on what, what to do. A rejected call may be tried again.
 */
export interface LogStorage {
	/** What it can do and what it promises, as the settings show it. May change with what is found. */
	readonly abilities: StorageAbilities;
	/**
	 * Stores entries in this order, 1 to 10,000 of them. When it resolves they are as safe as
	 * `abilities.durability` says and can be queried. After a rejection all of them, or others with
	 * them, are offered again: a storage that promises `delivery: 'once'` recognises by `origin` those
	 * it has. Calls never overlap.
	 */
	append(entries: readonly NewEntry[]): Promise<void>;
	query(query: StorageQuery): Promise<StoragePage>;
	stats(): Promise<StorageStats>;
	/** Tells what comes from now on, until the function it resolves with was called. */
	follow(follower: StorageFollower): Promise<() => Promise<void>>;
	/** Ends what runs and gives everything back. Nothing is called afterwards. */
	close(): Promise<void>;
	/** What it answers better than by handing out its entries. */
	readonly own?: OwnAnswers;
}

/** A stretch of the table: `limit` entries after the newest `offset`. */
export interface StretchQuery extends Filter {
	readonly order: Order;
	readonly offset: number;
	readonly limit: number;
}

/**
 * Answers over all of a storage, exact as `matchFilter` and `Shape` say. One that can't be given for
 * a question (a regular expression that the server does not know) is `undefined`: the newest entries
 * are looked at instead, and the answer says over how many. As a facet, `source` has the one value `0`.
 * Once a question's signal is aborted nobody waits for its answer: what runs for it is to be ended.
 */
export interface OwnAnswers {
	stretch?(query: StretchQuery, signal?: AbortSignal): Promise<readonly StoredEntry[] | undefined>;
	count?(query: CountQuery, signal?: AbortSignal): Promise<Count | undefined>;
	shape?(query: ShapeQuery, signal?: AbortSignal): Promise<Shape | undefined>;
	values?(query: ValuesQuery, signal?: AbortSignal): Promise<ValueList | undefined>;
	/** The entry with a `seq`. */
	get?(seq: number): Promise<StoredEntry | undefined>;
}

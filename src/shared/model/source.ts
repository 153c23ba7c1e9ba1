import * as v from 'valibot';
import type { FeedStatus } from './feed.ts';
import { mappingSchema } from './mapping.ts';
import type { Mapping } from './mapping.ts';

/**
 * Where entries come from, as it is asked for and remembered:
 * - `file`: one log, with its rotated siblings (`.1`, `.2.gz`, `-20261101.zst`)
 * - `folder`: every log in a folder, also those that appear later
 * - `glob`: every log whose path matches, `/var/log/jobs/*.jsonl`; `**` goes down into folders
 */
export const sourceConfigSchema = v.strictObject({
	type: v.picklist(['file', 'folder', 'glob']),
	/** Absolute path, or a pattern of one. */
	path: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
	/** Which values are the columns, where the formats we know do not fit. */
	mapping: v.exactOptional(mappingSchema),
});
export type SourceConfig = v.InferOutput<typeof sourceConfigSchema>;

/** A feed: records that come over a socket and are journaled in a folder of the data folder. Never opened by a user. */
export const feedConfigSchema = v.strictObject({
	type: v.literal('feed'),
	/** Absolute path of its journal folder. */
	path: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
	/** What it calls itself. */
	name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
	mapping: v.exactOptional(mappingSchema),
});
export type FeedConfig = v.InferOutput<typeof feedConfigSchema>;
export type SourceType = SourceConfig['type'] | FeedConfig['type'];

/** Identifies a source in this data folder, for good: a number is never given out twice. */
export type SourceId = number;

/**
 * - `indexing`: the newest entries are there and older ones are still being read, or much was added
 *   while nobody followed
 * - `following`: all of it is read; what is added appears
 * - `missing`: the file is gone; its entries stay, and it is picked up when it comes back
 * - `failed`: `message` says why; it is tried again by itself
 */
export type SourceState = 'indexing' | 'following' | 'missing' | 'failed';

/**
 * The account of what was read. Two equations hold at every moment:
 * `size_bytes = read_bytes + held_bytes + unread_bytes`, and
 * `lines + extra_entries = entries + quarantined + joined_lines`. Nothing is ever dropped.
 */
export interface Ledger {
	/** Bytes of the logs as they are now; of a compressed one, its unpacked bytes read so far. */
	readonly size_bytes: number;
	/** Bytes whose lines are stored. */
	readonly read_bytes: number;
	/** Bytes after the last newline: they wait for the rest of their line. */
	readonly held_bytes: number;
	/** Bytes still to be read. */
	readonly unread_bytes: number;
	/** Lines in the bytes read. */
	readonly lines: number;
	/** Entries read as they should. */
	readonly entries: number;
	/** Entries that could not be: shown as text, with the reason. */
	readonly quarantined: number;
	/** Lines that belong to the entry of another line: a traceback's, blank ones, split ones. */
	readonly joined_lines: number;
	/** Entries beyond the first of lines that hold several (OTLP). */
	readonly extra_entries: number;
	/** Times something was destroyed before it could be read, and its bytes as far as known. */
	readonly gaps: number;
	readonly lost_bytes: number;
}

export interface SourceStatus {
	readonly id: SourceId;
	readonly type: SourceType;
	/**
	 * The file's or folder's name, the pattern's last part, or what a feed calls itself, as the table
	 * and the list show it; with folders before it where another source has that name.
	 */
	readonly name: string;
	readonly path: string;
	readonly state: SourceState;
	/** For `missing` and `failed`: what happened and what to do. */
	readonly message?: string;
	/** For `missing` and `failed`: it is tried again by itself after so many seconds; if it is. */
	readonly retry_s?: number;
	readonly ledger: Ledger;
	/** How many logs it has now: 1 for a file without siblings. */
	readonly files: number;
	/** The format of the line read last, as a user would name it ("AsyncZ", "pino"). */
	readonly format?: string;
	/** What the user has said about which values are the columns. */
	readonly mapping?: Mapping;
	/** Entries per second, over the last few seconds. */
	readonly rate: number;
	/** Of a feed that was connected since the app was started. */
	readonly feed?: FeedStatus;
}

/** One log of a source: a file by its content, whatever it is called by now. */
export interface SourceFile {
	readonly id: number;
	/** Where it was seen last. */
	readonly path: string;
	readonly kind: 'plain' | 'gzip' | 'zstd' | 'journal';
	/**
	 * - `following`: it is open, and what is added appears
	 * - `complete`: nothing more will come; all of it is stored
	 * - `gone`: as `complete`, and the file is there no more
	 * - `failed`: `message` says why
	 */
	readonly state: 'following' | 'complete' | 'gone' | 'failed';
	readonly message?: string;
	readonly ledger: Ledger;
}

/** An account of nothing. */
export const EMPTY_LEDGER: Ledger = {
	size_bytes: 0,
	read_bytes: 0,
	held_bytes: 0,
	unread_bytes: 0,
	lines: 0,
	entries: 0,
	quarantined: 0,
	joined_lines: 0,
	extra_entries: 0,
	gaps: 0,
	lost_bytes: 0,
};

/** Several accounts as one. */
export function addLedgers(ledgers: readonly Ledger[]): Ledger {
	const sum: Record<keyof Ledger, number> = { ...EMPTY_LEDGER };
	for (const ledger of ledgers) {
		for (const name of Object.keys(sum) as (keyof Ledger)[]) {
			sum[name] += ledger[name];
		}
	}
	return sum;
}

import * as v from 'valibot';

/** Where entries come from, as it is asked for and remembered. Only files so far. */
export const sourceConfigSchema = v.strictObject({
	type: v.literal('file'),
	/** Absolute path. */
	path: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
});
export type SourceConfig = v.InferOutput<typeof sourceConfigSchema>;

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

export interface SourceStatus {
	readonly id: SourceId;
	readonly type: 'file';
	/** The file's name, as the table and the list show it. */
	readonly name: string;
	readonly path: string;
	readonly state: SourceState;
	/** For `missing` and `failed`: what happened and what to do. */
	readonly message?: string;
	/** Size of the file, and how much of it is stored. */
	readonly sizeBytes: number;
	readonly readBytes: number;
	/** Bytes after the last newline: they wait for the rest of their line. */
	readonly heldBytes: number;
	/** Entries stored since this source was opened here. */
	readonly entries: number;
	/** Entries per second, over the last few seconds. */
	readonly rate: number;
}

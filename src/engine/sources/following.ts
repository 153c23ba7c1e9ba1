import type { LogSink } from '../log-sink.ts';
import type { FileTable } from './file-table.ts';
import type { FollowedLog } from './followed-log.ts';
import type { OpenFiles } from './open-files.ts';

/** Sizes in bytes. Tests make them small. */
export interface FollowLimits {
	/** Of a log seen for the first time, so much of its end is read at once. */
	readonly tailBytes: number;
	/** If more than this is unread, all but the end is left to be read later. */
	readonly backlogBytes: number;
	/** What one read asks for; at most 1 MiB. */
	readonly chunkBytes: number;
	/** So much is read of one file before others have their turn. */
	readonly turnBytes: number;
}

export const FOLLOW_LIMITS: FollowLimits = {
	tailBytes: 256 * 1024,
	backlogBytes: 8 * 1024 * 1024,
	chunkBytes: 1024 * 1024,
	turnBytes: 4 * 1024 * 1024,
};

/** What could not be read or was not there is tried again after so long. */
export const RETRY_MS = 5_000;

/** What the steps of following a source share. */
export interface Following {
	readonly sink: LogSink;
	readonly table: FileTable;
	readonly open: OpenFiles;
	/** All logs of the source, those without a file too, in the order they were first seen. */
	readonly logs: FollowedLog[];
	readonly limits: FollowLimits;
	/** Logs whose file was seen to hold something else, until it is known what became of them. */
	readonly overwritten: Set<FollowedLog>;
	/** For reading into: its content holds until the next read. */
	readonly buffer: Buffer;
	/** A clock in ms that never goes back. */
	readonly now: () => number;
	/** Waits for something; throws as soon as following has to stop. */
	readonly untilStopped: (work: Promise<void>) => Promise<void>;
}

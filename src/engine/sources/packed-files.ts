import type { FileIdentity } from '../log-sink.ts';
import type { FollowedLog } from './followed-log.ts';
import { mayHold } from './packed-log.ts';
import type { PackedLog } from './packed-log.ts';
import type { SeenFile } from './seen-file.ts';

/** A log that may be in a compressed file, as it was when that was begun. */
export interface Candidate {
	readonly log: FollowedLog;
	readonly identity: FileIdentity;
}

/** A compressed file at work. */
export interface PackedJob {
	readonly file: SeenFile;
	readonly packed: PackedLog;
	readonly startedAt: number;
	/** Logs that may be in it and were not reached yet, in the order of their ends. */
	readonly candidates: Candidate[];
	/** Logs that were compared with it, not those that were reached while another file had them. */
	readonly compared: FollowedLog[];
	/** The longest log of which all was found. */
	found: FollowedLog | undefined;
	/** The log that is read from it by now. */
	log: FollowedLog | undefined;
}

/** No file is unpacked to more than this many times its size by gzip, and hardly any by zstd. */
const MAX_RATIO = 1_032;
const MORE_BYTES = 64 * 1024;

/** How many places to keep for the entries of a compressed log: enough for a line in every byte. */
export function placesFor(file: SeenFile): number {
	return (file.size + MORE_BYTES) * MAX_RATIO;
}

/** Whether it is not known yet what a compressed file holds: a log that seems lost may be in it. */
export function isPuzzling(file: SeenFile): boolean {
	const isPlaced = file.log !== undefined || file.copyOf !== undefined;
	return file.kind !== 'plain' && file.isListed && !isPlaced && file.head.length > 0;
}

/** Of compressed files that begin alike, all but the first have to be unpacked to tell. */
export function isLater(other: SeenFile, file: SeenFile): boolean {
	return other.kind !== 'plain' && other.log === undefined && other.key > file.key;
}

/** Whether its file has no name any more, and nothing that was not read. */
export function isOutlived({ file, readEnd }: FollowedLog): boolean {
	return file !== undefined && !file.isListed && file.size === readEnd;
}

/** Whether a file has to be read before others that may be copies of it: it is on its way. */
export function isToBeRead(file: SeenFile, open: readonly SeenFile[]): boolean {
	const { log, isListed, size } = file;
	return log !== undefined && (open.includes(file) || (!isListed && size > log.readEnd));
}

/** Whether the log is followed in another file. */
export function isTaken(log: FollowedLog, file: SeenFile): boolean {
	return log.file !== undefined && log.file !== file && !log.isCut;
}

/** Whether a plain file has the log, too, and is not about to be given up. */
export function isInPlainFile(log: FollowedLog, file: SeenFile): boolean {
	return isTaken(log, file) && log.file?.kind === 'plain' && !isOutlived(log);
}

/**
 * Whether there is a log that may be in a compressed file and was not compared with it: one that
 * began, or whose own file went, while it was unpacked. Those it does not reach are not in it.
 */
export function hasUncompared(
	{ file, compared, candidates }: PackedJob,
	logs: readonly FollowedLog[],
): boolean {
	return logs.some(
		(log) =>
			mayHold(file.head, log) &&
			!isInPlainFile(log, file) &&
			!compared.includes(log) &&
			!candidates.some((candidate) => candidate.log === log),
	);
}

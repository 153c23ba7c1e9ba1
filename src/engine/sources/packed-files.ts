import type { FollowedLog } from './followed-log.ts';
import type { SeenFile } from './seen-file.ts';

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

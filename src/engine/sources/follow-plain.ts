import { FileRewritten, hasBytes, readerAt, readerOf } from './check-file.ts';
import { TAIL_BYTES } from '../file-identity.ts';
import { findLineStart, findNewest } from './find-end.ts';
import { FollowedLog } from './followed-log.ts';
import type { Following } from './following.ts';
import type { ReadChunk } from './line-reader.ts';
import type { LineReader } from './line-reader.ts';
import type { SeenFile } from './seen-file.ts';

/** Places are given out in groups: with so many more, a small log's suffice. */
const MORE_PLACES = 16 * 1024;

/** Makes a new log of what a plain file holds, and keeps places for what is not read at once. */
export function beginPlain(following: Following, file: SeenFile): void {
	const isLarge = file.size > following.limits.tailBytes && file.isReachable;
	const isOlder = file.isListed && !file.isActive;
	beginLog(following, file, isLarge || isOlder ? file.size + MORE_PLACES : 0);
}

/** Makes a new log of what a file holds, with so many places for entries that come out of turn. */
export function beginLog(following: Following, file: SeenFile, places: number): void {
	const log = new FollowedLog(following.sink.begin(file.place, places));
	log.file = file;
	log.historyEnd = places;
	file.log = log;
	following.logs.push(log);
}

/** Whether what a log gets now belongs before all that is newer: it was rotated away long ago. */
export function isHistory(log: FollowedLog): boolean {
	return log.file?.isActive !== true && log.readEnd < log.historyEnd;
}

/**
 * Hands over what is new in a plain file, at most one turn of it. True if there is more. Throws
 * `FileRewritten`.
 */
export async function readOn(
	following: Following,
	file: SeenFile,
	log: FollowedLog,
): Promise<boolean> {
	const { open, limits, buffer, now } = following;
	log.reader ??= await readerOf(open, file, log.identity);
	await leaveOld(following, file, log);
	for (let taken = 0; taken < limits.turnBytes;) {
		const { reader } = log;
		const added = await open.read(file, reader.readEnd, limits.chunkBytes, buffer);
		// Asked after each read, never before: what is there now was there when those were read.
		if (!(await isAsRead(following, file, reader))) {
			throw new FileRewritten();
		}
		if (added.length === 0) {
			endHistory(log);
			return false;
		}
		taken += added.length;
		if (added.length === limits.chunkBytes) {
			// There may be much more than when it was looked at.
			file.size = Math.max(file.size, Number((await open.stat(file)).size));
		}
		log.knownSize = Math.max(file.size, reader.readEnd + added.length);
		for (const chunk of reader.push(added)) {
			await handOver(following, log, chunk);
		}
		log.grownAt = now();
		if (added.length < limits.chunkBytes) {
			endHistory(log);
			return false;
		}
	}
	return log.readEnd < file.size;
}

/** All that was there is read: what comes now is new, also in a log that was rotated away. */
function endHistory(log: FollowedLog): void {
	log.historyEnd = Math.min(log.historyEnd, log.readEnd);
}

/** Hands over the unfinished line: nothing more will come of it. */
export async function handOverHeld(following: Following, log: FollowedLog): Promise<void> {
	const held = log.reader?.takeHeld();
	if (held !== undefined) {
		await handOver(following, log, held);
	}
}

export async function handOver(
	following: Following,
	log: FollowedLog,
	{ chunk, identity }: ReadChunk,
): Promise<void> {
	const place = identity.end <= log.historyEnd ? 'history' : 'live';
	log.identity = identity;
	log.isClosed = false;
	await following.untilStopped(following.sink.append(log.id, chunk, identity, place));
}

/** Steps over what is too much to be read in turn, so that the newest entries are there at once. */
async function leaveOld(following: Following, file: SeenFile, log: FollowedLog): Promise<void> {
	const { open, limits } = following;
	const { end } = log.identity;
	const isFirst = log.readEnd === 0;
	const unread = file.size - Math.max(log.readEnd, log.searchedTo);
	if (!file.isReachable || unread <= (isFirst ? limits.tailBytes : limits.backlogBytes)) {
		return;
	}
	const range = { from: end, size: file.size };
	const markAt = Math.max(file.size - TAIL_BYTES, 0);
	const mark = await open.read(file, markAt, TAIL_BYTES);
	const start =
		isFirst && !file.isActive
			? await findLineStart(open, file, range)
			: await findNewest(open, file, range, limits.tailBytes);
	log.searchedTo = file.size;
	if (start > end) {
		const reader = await readerAt(open, file, start);
		// All of this was read from one log, and not from two after each other.
		const isSame = await hasBytes(open, file, markAt, mark);
		if (!isSame || (log.reader !== undefined && !(await isAsRead(following, file, log.reader)))) {
			throw new FileRewritten();
		}
		log.reader = reader;
		following.sink.leave(log.id, reader.identity);
		log.identity = reader.identity;
	}
	if (isFirst && file.isActive) {
		log.historyEnd = 0;
	}
}

/** Whether the file still holds what was read from it last. */
function isAsRead({ open }: Following, file: SeenFile, reader: LineReader): Promise<boolean> {
	const { overlap, readEnd } = reader;
	return hasBytes(open, file, readEnd - overlap.length, overlap);
}

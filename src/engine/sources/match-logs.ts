import {
	compareToLog,
	hasBytes,
	hasHead,
	inspectFile,
	isBeginningOf,
	readHead,
	tryWith,
} from './check-file.ts';
import { bind, bindCut, unplace } from './bind-log.ts';
import { doubtOriginals } from './doubt-originals.ts';
import { readPackedHead } from './packed-log.ts';
import type { FollowedLog } from './followed-log.ts';
import type { Following } from './following.ts';
import { keyOfPlace } from './seen-file.ts';
import type { SeenFile } from './seen-file.ts';
import { TwinIndex } from './twin-index.ts';

/** A log's content is looked at again after so long, even if nothing seems to have changed. */
const RECHECK_MS = 60_000;

/** Two changes within this time may have the same stamp: the file is compared once more after it. */
const STAMP_MS = 100;

/**
 * Finds out which plain file holds which log: by inode as a hint and by content as the proof. Files
 * that hold no log we know, and are no copies, stay without one.
 */
export async function matchLogs(following: Following): Promise<void> {
	const { table, now } = following;
	const due = table.all().filter((file) => isDue(file, now()));
	for (const file of due) {
		await tryWith(file, now(), () => check(following, file));
	}
	const open = table.all().filter(isUnmatched);
	if (open.length === 0) {
		return;
	}
	for (const file of open) {
		await tryWith(file, now(), () => matchSameFile(following, file));
	}
	const twins = new TwinIndex(table.all().filter((file) => file.kind === 'plain'));
	for (const file of bySize(open.filter((file) => file.isListed))) {
		await tryWith(file, now(), () => matchTwin(following, file, twins, isFollowedAndLonger));
		// What fits best comes first: many logs may begin with the same header.
		await tryWith(file, now(), () => matchMovedLog(following, file, isWholly));
		await tryWith(file, now(), () => matchCutCopy(following, file));
		await tryWith(file, now(), () => matchMovedLog(following, file, () => true));
	}
	for (const file of bySize(open)) {
		await tryWith(file, now(), () => matchTwin(following, file, twins, isOriginal));
	}
	for (const file of open.filter(isUnmatched)) {
		await doubtOriginals(following, file, twins);
	}
}

/** Whether a plain file is there to be read, and nobody knows what it holds. */
export function isUnmatched(file: SeenFile): boolean {
	return (
		file.kind === 'plain' &&
		file.log === undefined &&
		file.copyOf === undefined &&
		!file.isKnown &&
		file.refusal === undefined &&
		file.problem === undefined &&
		!file.isLost &&
		!file.isTorn &&
		file.size > 0
	);
}

function isDue(file: SeenFile, now: number): boolean {
	const isOld = file.kind === 'plain' && now - file.checkedAt >= RECHECK_MS;
	return (file.isDirty || isOld) && now >= file.retryAt;
}

/** Compares a file to what we know of it; afterwards it holds its log for sure, or none. */
async function check(following: Following, file: SeenFile): Promise<void> {
	const { open, now } = following;
	if (file.kind !== 'plain' && file.log !== undefined) {
		releasePacked(following, file, file.log);
	}
	const { log } = file;
	if (file.hasBeginningOf !== undefined && file.writtenAt > file.checkedAt) {
		file.hasBeginningOf = undefined;
	}
	const isChanged = file.writtenAt > file.checkedAt;
	file.isKnown &&= !isChanged;
	file.isDirty = now() - file.changedAt < STAMP_MS;
	file.isTorn = false;
	file.checkedAt = now();
	await (log === undefined ? inspectFile(open, file) : readHead(open, file));
	if (log !== undefined) {
		const found = log.isCut ? undefined : await compareToLog(open, file, log);
		const isCutCopy = log.isCut && !isChanged;
		if (found === undefined && !isCutCopy) {
			release(following, file, log);
			return;
		}
		if (found === 'stored') {
			log.reader = undefined;
		}
		bind(following, file, log);
		log.isCut = isCutCopy;
	} else if (file.kind !== 'plain') {
		file.isDirty = false;
		file.packed = 'unknown';
		file.copyOf = isChanged ? undefined : file.copyOf;
		file.head = await readPackedHead(open, file);
	} else if (file.copyOf !== undefined && !(await isBeginningOf(open, file, file.copyOf))) {
		file.copyOf = undefined;
	}
}

/** The file holds something else now. */
function release(following: Following, file: SeenFile, log: FollowedLog): void {
	file.log = undefined;
	log.file = undefined;
	if (log.isCut) {
		unplace(following, log);
	} else {
		following.overwritten.add(log);
	}
	for (const other of following.table.files.values()) {
		if (other.copyOf === file) {
			other.copyOf = undefined;
			other.hasBeginningOf = log;
		}
	}
}

/** Its bytes have changed: it may hold its log, with more of it, or another one. */
function releasePacked(following: Following, file: SeenFile, log: FollowedLog): void {
	file.log = undefined;
	log.file = undefined;
	if (!log.isClosed) {
		following.overwritten.add(log);
	}
}

/** The log that was seen in this very file last. */
async function matchSameFile(following: Following, file: SeenFile): Promise<void> {
	const known = following.logs.filter(
		(log) => log.file === undefined && keyOfPlace(log.place) === file.key,
	);
	for (const log of known.toReversed()) {
		const found = await compareToLog(following.open, file, log);
		if (found !== undefined) {
			take(following, file, log, found);
			return;
		}
		const isKnown = file.size < log.identity.headLength || hasHead(file, log.identity);
		if (log.isClosed && !file.isActive && file.size < log.identity.end && isKnown) {
			// The copy of a log that was read on in the original, which is gone.
			bind(following, file, log);
			log.isCut = true;
			return;
		}
	}
}

/** A log that is in this file by now: renamed, copied, or saved over. */
async function matchMovedLog(
	following: Following,
	file: SeenFile,
	mayBe: (file: SeenFile, log: FollowedLog) => boolean,
): Promise<void> {
	if (!isUnmatched(file)) {
		return;
	}
	const free = following.logs.filter(
		({ file: other, isCut }) =>
			other === undefined || !other.isListed || isCut || isSuccessor(file, other),
	);
	const likely = free.filter((log) => mayBe(file, log));
	for (const log of likely.toSorted((one, other) => other.readEnd - one.readEnd)) {
		const other = log.isCut ? undefined : log.file;
		const found = await compareToLog(following.open, file, log);
		const isHeld = other !== undefined && (await isBeginningOf(following.open, other, file));
		const isEmpty = found === 'trivial' && !(isHeld && (other?.size ?? 0) > 0);
		if (found !== undefined && !isEmpty && (other === undefined || isHeld)) {
			take(following, file, log, found);
			if (other !== undefined && !other.isListed) {
				// What is still written to it is in no file with a name.
				await following.table.drop(other);
			}
			return;
		}
	}
}

/** Whether a file is as long as what was read of a log. */
function isWholly(file: SeenFile, log: FollowedLog): boolean {
	return file.size === log.readEnd || file.size === log.identity.end;
}

function take(
	following: Following,
	file: SeenFile,
	log: FollowedLog,
	found: 'all' | 'stored' | 'trivial',
): void {
	if (found === 'stored') {
		log.reader = undefined;
	}
	bind(following, file, log);
}

/**
 * A copy that was made of a log before the last lines came, which were read from the original: it
 * has nothing that is not known.
 */
async function matchCutCopy(following: Following, file: SeenFile): Promise<void> {
	if (!isUnmatched(file)) {
		return;
	}
	for (const log of following.logs) {
		const isShorter = file.size < log.readEnd;
		const mayBe = log.file === undefined && isShorter;
		if (mayBe && file.isActive && file.hasBeginningOf === log) {
			// It may be a log of its own yet, that begins with the same header.
			file.isKnown = true;
			return;
		}
		const isBeginning = async () =>
			file.hasBeginningOf === log || (await isBeginningOfLog(following, file, log));
		if (mayBe && !file.isActive && (await isBeginning())) {
			await bindCut(following, file, log);
			return;
		}
	}
}

/** Whether all that a file has was read from a log, which went on after it. */
async function isBeginningOfLog(
	{ open }: Following,
	file: SeenFile,
	{ reader }: FollowedLog,
): Promise<boolean> {
	const tail = reader?.bytesBefore(file.size);
	return (
		reader !== undefined &&
		tail !== undefined &&
		file.head.equals(reader.head.subarray(0, file.size)) &&
		(await hasBytes(open, file, file.size - tail.length, tail))
	);
}

/** A file whose bytes all stand at the beginning of another one is a copy. */
async function matchTwin(
	following: Following,
	file: SeenFile,
	twins: TwinIndex,
	canBeOriginal: (other: SeenFile, file: SeenFile) => boolean,
): Promise<void> {
	if (!isUnmatched(file)) {
		return;
	}
	for (const other of twins.candidates(file)) {
		const canBe = other !== file && canBeOriginal(other, file);
		if (canBe && (await isBeginningOf(following.open, file, other))) {
			file.copyOf = other;
			return;
		}
	}
}

/** Whatever a beginning of it has is read already, though it may fit another log as well. */
function isFollowedAndLonger(other: SeenFile, file: SeenFile): boolean {
	const isLonger = other.size >= file.size && !isSuccessor(file, other);
	return other.log !== undefined && other.isListed && isLonger;
}

/** Whether a file took the name of another one, which became a sibling: a saved file's backup, say. */
function isSuccessor(file: SeenFile, other: SeenFile): boolean {
	return file.isActive && !other.isActive && file.name.family === other.name.family;
}

function isOriginal(other: SeenFile, file: SeenFile): boolean {
	const isLonger = other.size > file.size || (other.size === file.size && isBefore(other, file));
	return other.log !== undefined || (isUnmatched(other) && isLonger);
}

/** Of two files of one size, the active one is the original. */
function isBefore(one: SeenFile, other: SeenFile): boolean {
	return one.isActive !== other.isActive
		? one.isActive
		: one.isListed !== other.isListed
			? one.isListed
			: one.key < other.key;
}

function bySize(files: readonly SeenFile[]): SeenFile[] {
	return files.toSorted((one, other) => other.size - one.size);
}

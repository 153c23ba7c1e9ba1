import { basename } from 'node:path';
import { messageOf } from '#shared/errors.ts';
import type { FileIdentity, FileKind } from '../log-sink.ts';
import { hashOf, HEAD_BYTES, isSameLog, TAIL_BYTES } from '../file-identity.ts';
import type { FollowedLog } from './followed-log.ts';
import { LineReader } from './line-reader.ts';
import {
	compressionOf,
	explainFileError,
	isFileError,
	SNIFF_BYTES,
	whyNotPlainText,
} from './log-file.ts';
import { RETRY_MS } from './following.ts';
import { FileReplaced } from './open-files.ts';
import type { OpenFiles } from './open-files.ts';
import type { SeenFile } from './seen-file.ts';

/** The file no longer holds what was read from it: it was truncated or written anew. */
export class FileRewritten extends Error {}

/** How much of the beginning and of the end is compared of two files. */
const COMPARED_BYTES = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/** Finds out what kind of file it is, and reads its first bytes. */
export async function inspectFile(open: OpenFiles, file: SeenFile): Promise<void> {
	const bytes = await open.read(file, 0, SNIFF_BYTES);
	file.head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
	file.kind = kindOf(bytes, basename(file.path));
	const reason = file.kind === 'plain' ? whyNotPlainText(bytes) : undefined;
	file.refusal = reason === undefined ? undefined : `${file.path} ${reason}`;
}

/** Reads the first bytes of a file of which it is known that it is a log. */
export async function readHead(open: OpenFiles, file: SeenFile): Promise<void> {
	file.head = await open.read(file, 0, HEAD_BYTES);
	file.kind = kindOf(file.head, basename(file.path));
	file.refusal = undefined;
}

/** Whether the file begins as an identity says. */
export function hasHead(file: SeenFile, { headLength, head }: FileIdentity): boolean {
	return file.head.length >= headLength && hashOf(file.head.subarray(0, headLength)) === head;
}

/**
 * Whether a file holds a log:
 * - `all`: also the line that is held
 * - `stored`: what was handed over, and after it something else than what was read
 * - `trivial`: nothing was read of that log yet, so that any file may hold it
 */
export async function compareToLog(
	open: OpenFiles,
	file: SeenFile,
	log: FollowedLog,
): Promise<'all' | 'stored' | 'trivial' | undefined> {
	const { reader, identity } = log;
	if (reader !== undefined && reader.readEnd > 0) {
		const { head, overlap, readEnd } = reader;
		const isHead = file.head.subarray(0, head.length).equals(head);
		if (isHead && (await hasBytes(open, file, readEnd - overlap.length, overlap))) {
			return 'all';
		}
	} else if (identity.end === 0) {
		return 'trivial';
	}
	return identity.end > 0 && (await matches(open, file, identity)) ? 'stored' : undefined;
}

/** Whether the file has what an identity speaks of. */
export async function matches(
	open: OpenFiles,
	file: SeenFile,
	identity: FileIdentity,
): Promise<boolean> {
	if (!hasHead(file, identity)) {
		return false;
	}
	const { tailLength, tail, end } = identity;
	const bytes = await open.read(file, end - tailLength, tailLength);
	return bytes.length === tailLength && hashOf(bytes) === tail;
}

/** Whether `one`, as long as it was when seen last, is the beginning of `other`. */
export async function isBeginningOf(
	open: OpenFiles,
	one: SeenFile,
	other: SeenFile,
): Promise<boolean> {
	const length = Math.min(one.size, COMPARED_BYTES);
	const known = Math.min(length, one.head.length, other.head.length);
	if (other.size < one.size || !one.head.subarray(0, known).equals(other.head.subarray(0, known))) {
		return false;
	}
	for (const offset of one.size > length ? [0, one.size - length] : [0]) {
		const bytes = await open.read(one, offset, length);
		if (bytes.length < length || !(await hasBytes(open, other, offset, bytes))) {
			return false;
		}
	}
	return true;
}

/** A reader that goes on where a log was read to. Throws `FileRewritten`. */
export async function readerOf(
	open: OpenFiles,
	file: SeenFile,
	identity: FileIdentity,
): Promise<LineReader> {
	const reader = await readerAt(open, file, identity.end);
	if (!isSameLog(reader.identity, identity)) {
		throw new FileRewritten();
	}
	return reader;
}

/** A reader that begins at `end`, which is the beginning of a line. */
export async function readerAt(open: OpenFiles, file: SeenFile, end: number): Promise<LineReader> {
	if (end === 0) {
		return new LineReader(0, NOTHING, NOTHING);
	}
	const tailLength = Math.min(TAIL_BYTES, end);
	const head = await open.read(file, 0, Math.min(HEAD_BYTES, end));
	const tail = await open.read(file, end - tailLength, tailLength);
	if (head.length + tail.length < Math.min(HEAD_BYTES, end) + tailLength) {
		throw new FileRewritten();
	}
	return new LineReader(end, head, tail);
}

/** Whether the file has these bytes at `offset`. */
export async function hasBytes(
	open: OpenFiles,
	file: SeenFile,
	offset: number,
	bytes: Buffer,
): Promise<boolean> {
	return bytes.length === 0 || (await open.read(file, offset, bytes.length)).equals(bytes);
}

/**
 * Does something with a file. An error of the file is noted down with it, to be tried again later;
 * `undefined` then.
 */
export async function tryWith<T>(
	file: SeenFile,
	now: number,
	work: () => Promise<T>,
): Promise<T | undefined> {
	try {
		const result = await work();
		file.problem = undefined;
		return result;
	} catch (error) {
		file.isDirty = true;
		if (error instanceof FileReplaced) {
			file.isLost = true;
			return undefined;
		}
		if (error instanceof FileRewritten) {
			file.isTorn = true;
			return undefined;
		}
		if (!isFileError(error)) {
			throw error;
		}
		file.problem = messageOf(explainFileError(error, file.path));
		file.retryAt = now + RETRY_MS;
		return undefined;
	}
}

function kindOf(bytes: Buffer, name: string): FileKind {
	const compression = compressionOf(bytes);
	if (compression !== undefined || bytes.length >= 4) {
		return compression ?? 'plain';
	}
	// It has not got its first bytes yet.
	if (/\.gz$/i.test(name)) {
		return 'gzip';
	}
	return /\.zstd?$/i.test(name) ? 'zstd' : 'plain';
}

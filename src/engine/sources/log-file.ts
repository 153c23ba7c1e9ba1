import type { FileHandle } from 'node:fs/promises';
import { AppError } from '#shared/errors.ts';
import type { FileKind } from '../log-sink.ts';

/** So much of a file's beginning tells what it is. */
export const SNIFF_BYTES = 8 * 1024;
/** So many control characters make no binary file of a short one. */
const MAX_STRAY_BYTES = 8;

/** Says what stands at a path instead of a regular file, and what to do. */
export function describeSpecialFile(
	stat: { isDirectory(): boolean; isFIFO(): boolean; isSocket(): boolean },
	path: string,
): string {
	return stat.isDirectory()
		? `${path} is a folder. Open one of the files in it.`
		: `${path} is not a regular file but ${describe(stat)}. Open a log file.`;
}

/** Says what a failed access to a log file means for the user. */
export function explainFileError(error: unknown, path: string): AppError {
	if (error instanceof AppError) {
		return error;
	}
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	switch (code) {
		case 'ENOENT':
		case 'ENOTDIR':
			return unavailable(`There is no file ${path}. Check the name and the folder.`, error);
		case 'EACCES':
		case 'EPERM':
			return unavailable(
				`${path} can't be read: this user has no permission. Grant it and it is tried again by itself.`,
				error,
			);
		case 'EISDIR':
			return unavailable(`${path} is a folder. Open one of the files in it.`, error);
		case 'ENXIO':
			return unavailable(
				`${path} is not a regular file but a socket or a device. Open a log file.`,
				error,
			);
		case 'EMFILE':
		case 'ENFILE':
			return unavailable(
				`${path} can't be opened: too many files are open. Close some sources.`,
				error,
			);
		default:
			return unavailable(
				`${path} can't be read: ${error instanceof Error ? error.message : String(error)}.`,
				error,
			);
	}
}

/** Whether an error is one of the file system, which may be gone the next time. */
export function isFileError(error: unknown): boolean {
	return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Whether an error means that there is no such file. */
export function isMissing(error: unknown): boolean {
	const cause = error instanceof AppError ? error.cause : error;
	return (
		cause instanceof Error &&
		'code' in cause &&
		(cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
	);
}

/** Reads up to `length` bytes at `offset`; fewer only where the file ends. */
export async function readAt(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
	const buffer = Buffer.allocUnsafe(length);
	let filled = 0;
	while (filled < length) {
		const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
		if (bytesRead === 0) {
			break;
		}
		filled += bytesRead;
	}
	return buffer.subarray(0, filled);
}

function unavailable(message: string, cause?: unknown): AppError {
	return new AppError('source-unavailable', message, { cause });
}

function describe(stat: { isFIFO(): boolean; isSocket(): boolean }): string {
	if (stat.isFIFO()) {
		return 'a named pipe (FIFO)';
	}
	return stat.isSocket() ? 'a socket' : 'a device';
}

/** How a file that begins with these bytes is compressed, if it is. */
export function compressionOf(bytes: Buffer): Exclude<FileKind, 'plain'> | undefined {
	if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
		return 'gzip';
	}
	return bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : undefined;
}

/**
 * Why a file that begins with these bytes cannot be a text log, as the end of a sentence: "looks
 * like a binary file …".
 */
export function whyNotPlainText(bytes: Buffer): string | undefined {
	const mark = bytes.subarray(0, 2).toString('hex');
	if (mark === 'fffe' || mark === 'feff') {
		return 'is UTF-16 text. Convert it to UTF-8 first.';
	}
	// A log truncated under its writer begins with NULs, or has a hole further on: they are no sign
	// of a binary file.
	const start = bytes.findIndex((byte) => byte !== 0);
	const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
	const text = bytes.subarray(start === -1 ? end : start, end);
	const control = text.filter(
		(byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b),
	);
	return control.length > Math.max(text.length / 20, MAX_STRAY_BYTES)
		? 'looks like a binary file, not like a text log. Open a file with one JSON object or one line of text per line.'
		: undefined;
}

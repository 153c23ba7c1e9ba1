import { dirname } from 'node:path';
import { AppError, messageOf } from '#shared/errors.ts';

/** Why a file can't be used, and what to do. `what`: "can't be read", "can't be written". */
export function fileError(error: unknown, path: string, what: string): AppError {
	return error instanceof AppError
		? error
		: new AppError('storage-failed', sentence(error, path, what), { cause: error });
}

/** The system's name of an error, `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: undefined;
}

function sentence(error: unknown, path: string, what: string): string {
	switch (codeOf(error)) {
		case 'ENOSPC':
		case 'EDQUOT':
			return `${path} ${what}: the disk is full. Make room on it; it goes on by itself then.`;
		case 'EFBIG':
			return `${path} ${what}: files of this size are not allowed there. Choose another path.`;
		case 'EROFS':
			return `${path} ${what}: its disk is read-only. Choose another path.`;
		case 'EACCES':
		case 'EPERM':
			return `${path} ${what}: permission is denied. Give this user the right to, or choose another path.`;
		case 'ENOENT':
		case 'ENOTDIR':
			return `${path} ${what}: there is no folder ${dirname(path)}. Create it, or choose another path.`;
		case 'EISDIR':
			return `${path} ${what}: it is a folder. Name a file in it.`;
		case 'EMFILE':
		case 'ENFILE':
			return `${path} ${what}: too many files are open. Close some programs, or raise the limit.`;
		default:
			return `${path} ${what}: ${messageOf(error)}.`;
	}
}

import { messageOf } from '#shared/errors.ts';
import { codeOf } from '../error-code.ts';

/** Why a feed can't be written to its journal, as a sentence that says what to do. */
export function explainWriteError(error: unknown, folder: string): string {
	switch (codeOf(error)) {
		case 'ENOSPC':
		case 'EDQUOT':
			return `The disk with ${folder} is full: what comes is held back until there is room.`;
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
			return `${folder} can't be written to: what comes is held back. Check its permissions.`;
		default:
			return `${folder} can't be written to (${messageOf(error)}): what comes is held back and tried again.`;
	}
}

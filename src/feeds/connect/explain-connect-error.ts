import { messageOf } from '#shared/errors.ts';
import { codeOf } from '../error-code.ts';

/** Why nobody could be connected to: part of a sentence. */
export function explainConnectError(error: unknown): string {
	switch (codeOf(error)) {
		case 'ECONNREFUSED':
			return 'connection refused';
		case 'ENOENT':
		case 'ENOTDIR':
			return 'there is no such socket';
		case 'EACCES':
		case 'EPERM':
			return 'this user may not connect to it';
		case 'EAGAIN':
			return 'too many others are waiting for it';
		default:
			return messageOf(error);
	}
}

import { AppError, messageOf } from '#shared/errors.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';

/** A shorter password would be found in words that are none. */
const SHORTEST_PASSWORD = 4;

/** What a storage has thrown, as an error with its sentence, in which no password stands. */
export function storageError(error: unknown, password = ''): AppError {
	const message = withoutPassword(messageOf(error));
	const hidden =
		password.length < SHORTEST_PASSWORD ? message : message.replaceAll(password, '***');
	const code = error instanceof AppError ? error.code : 'storage-failed';
	return error instanceof AppError && hidden === error.message ? error : new AppError(code, hidden);
}

import { AppError, messageOf } from '#shared/errors.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';

/** A shorter password would be found in words that are none. */
const SHORTEST_PASSWORD = 4;

/** A sentence of a storage or its driver, in which no password stands. */
export function withoutSecret(text: string, password = ''): string {
	const plain = withoutPassword(text);
	return password.length < SHORTEST_PASSWORD ? plain : plain.replaceAll(password, '***');
}

/** What a storage has thrown, as an error with its sentence, in which no password stands. */
export function storageError(error: unknown, password = ''): AppError {
	const hidden = withoutSecret(messageOf(error), password);
	const code = error instanceof AppError ? error.code : 'storage-failed';
	return error instanceof AppError && hidden === error.message ? error : new AppError(code, hidden);
}

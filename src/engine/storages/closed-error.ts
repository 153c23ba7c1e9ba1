import { AppError } from '#shared/errors.ts';

/** What every method of a storage rejects with after `close`. `name`: as `storageName` has it. */
export function closedError(name: string): AppError {
	return new AppError('storage-failed', `The storage ${name} is closed: open it again.`);
}

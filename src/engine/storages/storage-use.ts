/**
 * What a storage is opened for. Only a place that entries are kept in is made where it is missing.
 * - `keep`: entries will be appended, and read
 * - `try`: it is only to be seen whether it could be used for that
 * - `read`: what is there is read; a place that is not there is an error
 */
export type StorageUse = 'keep' | 'try' | 'read';

/** What is said of a storage that can't be written to; `reason`: a sentence that says why. */
export function readOnlyText(reason: string): string {
	return `It can be read, not written to. ${reason}`;
}

/** Why nothing is appended to a storage that was opened to be read. */
export const ONLY_READ = 'It was opened to be read: nothing is stored in it.';

import { onTestFinished } from 'vitest';
import { makeTempFolder, removeFolder } from './temp-folder.ts';

/** A new empty folder for the running test, removed when it has finished. */
export function temporaryFolder(): string {
	const folder = makeTempFolder();
	onTestFinished(() => removeFolder(folder));
	return folder;
}

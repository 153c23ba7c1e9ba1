import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder, with its links resolved. */
export function makeTempFolder(): string {
	return realpathSync(mkdtempSync(join(tmpdir(), 'asyncz-companion-')));
}

/** Removes a folder and everything in it. */
export function removeFolder(folder: string): void {
	// Windows and network file systems give files free a moment after their process has ended.
	rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

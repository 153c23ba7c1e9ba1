import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Where a run without a window keeps what it needs. */
export interface Workplace {
	readonly dataFolder: string;
	/** Takes in all of stdin; the file it is in. */
	readStdin(): Promise<string>;
	/** Removes what nobody asked to keep. */
	remove(): void;
}

/** A folder for this run alone, and in it the data unless they are to be kept. */
export function createWorkplace(dataFolder: string | undefined): Workplace {
	const folder = mkdtempSync(join(tmpdir(), 'asyncz-companion-'));
	return {
		dataFolder: dataFolder ?? join(folder, 'data'),
		readStdin: async () => {
			const path = join(folder, 'stdin');
			await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
			return path;
		},
		remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
	};
}

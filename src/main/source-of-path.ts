import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SourceConfig } from '#shared/model/source.ts';

/**
 * What an absolute path from outside asks for: what is there says it, and where nothing is, how it
 * is written. A file whose name happens to look like a pattern is that file.
 */
export function sourceConfigOf(path: string): SourceConfig {
	const status = statOf(path);
	if (status !== undefined) {
		return { type: status.isDirectory() ? 'folder' : 'file', path };
	}
	return { type: isPattern(path) ? 'glob' : 'file', path };
}

/** The folder a pattern begins in: the last one above its first `*`, `?` or `[`. */
export function folderOfPattern(pattern: string): string {
	return isPattern(pattern) ? folderOfPattern(dirname(pattern)) : pattern;
}

function isPattern(path: string): boolean {
	return /[*?[]/.test(path);
}

function statOf(path: string): ReturnType<typeof statSync> | undefined {
	try {
		return statSync(path);
	} catch {
		return undefined; // why it can't be read is said by whoever opens it
	}
}

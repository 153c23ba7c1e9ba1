import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

const MAX_COMPLETIONS = 50;

/**
 * Paths that begin with `text`, folders with a separator at their end, in order of name, at most
 * 50. Relative text counts from `base`. With `allowed` folders only what really lies in one of
 * them is found; without any, everything is. What cannot be read has no completions.
 */
export async function completePath(
	text: string,
	base: string,
	allowed: readonly string[],
): Promise<readonly string[]> {
	const endsInFolder = text === '' || text.endsWith('/') || text.endsWith(sep);
	const folder = resolve(base, endsInFolder ? text || '.' : dirname(text));
	const prefix = endsInFolder ? '' : basename(text);
	const typed = text.slice(0, text.length - prefix.length);
	const found: string[] = [];
	for (const name of await namesIn(folder, allowed)) {
		if (!name.startsWith(prefix) || (name.startsWith('.') && !prefix.startsWith('.'))) {
			continue;
		}
		const kind = await kindOf(join(folder, name), allowed);
		if (kind !== undefined) {
			found.push(typed + name + (kind === 'folder' ? sep : ''));
		}
		if (found.length === MAX_COMPLETIONS) {
			break;
		}
	}
	return found;
}

/** Whether `path` is one of `folders` or lies below it. Compares names only: resolve links first. */
export function isInside(path: string, folders: readonly string[]): boolean {
	return folders.some((folder) => {
		const way = relative(folder, path);
		return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
	});
}

async function namesIn(folder: string, allowed: readonly string[]): Promise<readonly string[]> {
	try {
		return (await isAllowed(folder, allowed)) ? (await readdir(folder)).sort() : [];
	} catch {
		return []; // nothing to complete where nothing can be read
	}
}

async function kindOf(
	path: string,
	allowed: readonly string[],
): Promise<'file' | 'folder' | undefined> {
	try {
		const status = (await isAllowed(path, allowed)) ? await stat(path) : undefined;
		return status?.isDirectory() === true ? 'folder' : status?.isFile() ? 'file' : undefined;
	} catch {
		return undefined; // a dangling link, or gone since it was listed
	}
}

async function isAllowed(path: string, allowed: readonly string[]): Promise<boolean> {
	return allowed.length === 0 || isInside(await realpath(path), allowed);
}

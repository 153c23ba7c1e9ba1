import { glob, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isUtf8 } from 'node:buffer';
import { messageOf } from '#shared/errors.ts';
import type { SourceConfig } from '#shared/model/source.ts';
import { explainFileError, isMissing } from './log-file.ts';
import type { ListedName } from './seen-file.ts';
import { ageAmong, isTemporaryName, takeApart } from './sibling-names.ts';

/** The names that belong to a source, as they are now. */
export interface Listing {
	readonly names: readonly ListedName[];
	/** The folders that were looked into. */
	readonly folders: readonly string[];
	/** Why nothing can be said: what was there may still be there. */
	readonly failure?: string;
}

interface FolderName {
	readonly name: string;
	readonly path: string;
	readonly rawPath?: Buffer;
}

/** Every name that a source speaks of, rotated siblings among them. Nothing is opened. */
export async function listNames(config: SourceConfig): Promise<Listing> {
	switch (config.type) {
		case 'file':
			return listSiblings(config.path);
		case 'folder':
			return listFolder(config.path);
		default:
			return listMatches(config.path);
	}
}

/** The folder a pattern begins with: what is before its first special character. */
export function baseOfPattern(pattern: string): string {
	const special = pattern.search(/[*?[\]{}()!+@]/);
	return special === -1 ? dirname(pattern) : dirname(`${pattern.slice(0, special)}x`);
}

async function listSiblings(path: string): Promise<Listing> {
	// A link's target may be what is rotated.
	const target = await realpath(path).catch(() => path);
	const names = new Map<string, ListedName>();
	const folders = new Set<string>();
	for (const log of new Set([path, target])) {
		const folder = dirname(log);
		folders.add(folder);
		const found = await namesIn(folder).catch(() => []);
		for (const { name, ...paths } of found) {
			const age = ageAmong(basename(log), name);
			if (age !== undefined && !names.has(paths.path)) {
				names.set(paths.path, { ...paths, family: path, age });
			}
		}
	}
	// The folder may be one that can be entered and not be listed.
	names.set(path, { path, family: path, age: { by: 'name', value: 0 }, ...rawOf(names.get(path)) });
	return { names: [...names.values()], folders: [...folders] };
}

async function listFolder(folder: string): Promise<Listing> {
	const folders = [folder];
	try {
		const found = await namesIn(folder);
		return { names: intoFamilies(found.filter(({ name }) => !isTemporaryName(name))), folders };
	} catch (error) {
		if (isMissing(error)) {
			return { names: [], folders };
		}
		const failure = messageOf(explainFileError(error, folder));
		return { names: [], folders, failure };
	}
}

async function listMatches(pattern: string): Promise<Listing> {
	const matches = new Map<string, Set<string>>();
	try {
		for await (const path of glob(pattern)) {
			const names = matches.get(dirname(path)) ?? new Set();
			matches.set(dirname(path), names.add(basename(path)));
		}
	} catch (error) {
		const failure = messageOf(explainFileError(error, pattern));
		return { names: [], folders: [baseOfPattern(pattern)], failure };
	}
	const names: ListedName[] = [];
	for (const [folder, matched] of matches) {
		const found = await namesIn(folder).catch(() => []);
		const belong = found.filter(
			({ name }) =>
				!isTemporaryName(name) && (matched.has(name) || matched.has(takeApart(name).stem)),
		);
		names.push(...intoFamilies(belong));
	}
	return { names, folders: [...new Set([baseOfPattern(pattern), ...matches.keys()])] };
}

/** The names in a folder; bytes for those that text can't tell. */
async function namesIn(folder: string): Promise<FolderName[]> {
	const names = await readdir(folder, { encoding: 'buffer' });
	return names.map((bytes) => {
		const name = bytes.toString();
		const path = join(folder, name);
		return isUtf8(bytes)
			? { name, path }
			: { name, path, rawPath: Buffer.concat([Buffer.from(folder + sep), bytes]) };
	});
}

/** Puts rotated siblings together. `app.1.log` belongs to `app.log` only if that is there. */
function intoFamilies(found: readonly FolderName[]): ListedName[] {
	const present = new Set(found.map(({ name }) => name));
	return found.map(({ name, ...paths }) => {
		const { stem, age, isDoubtful } = takeApart(name);
		const isOwn = isDoubtful && !present.has(stem);
		return {
			...paths,
			family: join(dirname(paths.path), isOwn ? name : stem),
			age: isOwn ? { by: 'name', value: 0 } : age,
		};
	});
}

function rawOf(name: ListedName | undefined): { readonly rawPath?: Buffer } {
	return name?.rawPath === undefined ? {} : { rawPath: name.rawPath };
}

import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { messageOf } from '#shared/errors.ts';
import type { SourceConfig } from '#shared/model/source.ts';
import { listNames } from './list-names.ts';
import type { Listing } from './list-names.ts';
import { describeSpecialFile, explainFileError, isMissing } from './log-file.ts';
import type { OpenFiles } from './open-files.ts';
import { keyOf, SeenFile } from './seen-file.ts';
import type { ListedName } from './seen-file.ts';
import { compareFiles } from './sibling-names.ts';

/** Stats run together: enough to be quick, few enough to leave threads to others. */
const STATS_AT_ONCE = 16;

/** Looks at a path, as `fs.stat` does. */
export type StatPath = (path: string | Buffer) => Promise<BigIntStats>;

export const statPath: StatPath = (path) => stat(path, { bigint: true });

/** The files of a source: those its names lead to, and those read on by their descriptors. */
export class FileTable {
	readonly files = new Map<string, SeenFile>();
	/** What each path led to at the last scan. */
	readonly byPath = new Map<string, SeenFile>();
	/** Whether there ever was a file. */
	wasThere = false;
	/** Paths that can't be looked at, and why. */
	readonly problems = new Map<string, string>();
	listing: Listing = { names: [], folders: [] };
	readonly #config: SourceConfig;
	readonly #open: OpenFiles;
	readonly #stat: StatPath;

	constructor(config: SourceConfig, open: OpenFiles, stat: StatPath) {
		this.#config = config;
		this.#open = open;
		this.#stat = stat;
	}

	/** Files with a name, and all others that are still open. */
	all(): readonly SeenFile[] {
		return [...this.files.values()];
	}

	/** Finds out what the names lead to now. */
	async scan(now: number): Promise<void> {
		this.listing = await listNames(this.#config);
		if (this.listing.failure !== undefined) {
			await this.look(this.all(), now);
			return;
		}
		this.problems.clear();
		this.byPath.clear();
		const found = new Map<string, { stat: BigIntStats; names: ListedName[] }>();
		const unknown = new Set<string>();
		for (const [name, result] of await this.#statAll(this.listing.names)) {
			if (typeof result === 'string') {
				unknown.add(name.path);
				this.problems.set(name.path, result);
			} else if (result !== undefined) {
				const same = found.get(keyOf(result));
				found.set(keyOf(result), { stat: result, names: [...(same?.names ?? []), name] });
			}
		}
		for (const [key, { stat, names }] of found) {
			const file = this.#see(key, stat, names);
			file.update(stat, now);
			names.forEach(({ path }) => this.byPath.set(path, file));
		}
		for (const file of this.all()) {
			if (!found.has(file.key) && !unknown.has(file.path)) {
				await this.#miss(file, now);
			}
		}
		this.#findActive();
		this.wasThere ||= this.files.size > 0;
	}

	/** Looks at some files only; false if a name leads elsewhere by now, so that a scan is needed. */
	async look(files: readonly SeenFile[], now: number): Promise<boolean> {
		let isSame = true;
		for (let at = 0; at < files.length; at += STATS_AT_ONCE) {
			const group = files.slice(at, at + STATS_AT_ONCE);
			await Promise.all(
				group.map(async (file) => {
					const found = await (
						file.isListed ? this.#stat(file.openPath) : this.#open.stat(file)
					).catch(() => undefined);
					if (found !== undefined && keyOf(found) === file.key) {
						file.update(found, now);
					} else {
						file.lookedAt = now;
						isSame = false;
					}
				}),
			);
		}
		return isSame;
	}

	/** Nothing more is wanted of a file. */
	async drop(file: SeenFile): Promise<void> {
		this.files.delete(file.key);
		const { log } = file;
		if (file.log?.file === file) {
			file.log.file = undefined;
		}
		file.log = undefined;
		for (const other of this.files.values()) {
			if (other.copyOf === file) {
				other.copyOf = undefined;
				other.hasBeginningOf = log;
			}
		}
		await this.#open.close(file);
	}

	#see(key: string, stat: BigIntStats, names: readonly ListedName[]): SeenFile {
		const known = this.files.get(key);
		// Of several names for one file, the one it had, or else the one that says least of rotation.
		const [first] = names.toSorted((one, other) => one.age.value - other.age.value);
		const name = names.find(({ path }) => path === known?.path) ?? first;
		if (name === undefined) {
			throw new Error('A file without a name.');
		}
		const file = known ?? new SeenFile(name, stat);
		if (file.path !== name.path) {
			file.isDirty = true;
		}
		file.name = name;
		file.isListed = true;
		file.isLost = false;
		this.files.set(key, file);
		return file;
	}

	/** Its names are gone: it is read on while it is open. */
	async #miss(file: SeenFile, now: number): Promise<void> {
		const isWanted = file.log !== undefined || file.size === 0;
		const found = this.#open.has(file) && isWanted ? await this.#open.stat(file) : undefined;
		if (found === undefined || file.kind !== 'plain') {
			await this.drop(file);
			return;
		}
		if (file.isListed) {
			file.isListed = false;
			file.unlistedAt = now;
			file.isActive = false;
		}
		file.update(found, now);
	}

	async #statAll(
		names: readonly ListedName[],
	): Promise<readonly (readonly [ListedName, BigIntStats | string | undefined])[]> {
		const results: (readonly [ListedName, BigIntStats | string | undefined])[] = [];
		for (let at = 0; at < names.length; at += STATS_AT_ONCE) {
			const group = names.slice(at, at + STATS_AT_ONCE);
			results.push(
				...(await Promise.all(
					group.map(async (name) => [name, await this.#statName(name)] as const),
				)),
			);
		}
		return results;
	}

	/** What a name leads to; a sentence if that can't be told, `undefined` if nothing of interest. */
	async #statName(name: ListedName): Promise<BigIntStats | string | undefined> {
		try {
			const found = await this.#stat(name.rawPath ?? name.path);
			if (found.isFile()) {
				return found;
			}
			const isAskedFor = this.#config.type === 'file' && name.path === this.#config.path;
			return isAskedFor ? describeSpecialFile(found, name.path) : undefined;
		} catch (error) {
			return isMissing(error) ? undefined : messageOf(explainFileError(error, name.path));
		}
	}

	/** The newest of each family is the one that is written to. */
	#findActive(): void {
		const newest = new Map<string, SeenFile>();
		for (const file of this.files.values()) {
			file.isActive = false;
			const other = newest.get(file.name.family);
			if (file.isListed && (other === undefined || compareFiles(file, other) > 0)) {
				newest.set(file.name.family, file);
			}
		}
		newest.forEach((file) => (file.isActive = true));
	}
}

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, messageOf } from '#shared/errors.ts';
import { SegmentStorage } from './segments/segment-storage.ts';
import type { StorageThreads } from './segments/storage-options.ts';
import { damageMark, DatabaseDamaged } from './segments/sqlite/schema.ts';

/** What a data folder holds while an engine works in it. */
export interface DataFolder {
	readonly storage: SegmentStorage;
	readonly settingsPath: string;
	/** See `HandedOnFile`. */
	readonly handedOnPath: string;
	/** Has a journal folder for each feed. */
	readonly feedsPath: string;
	/** Sentences for the user about what was found and done. */
	readonly problems: readonly string[];
	/** Gives the folder free for another engine. After the storage is closed. */
	release(): void;
}

/**
 * Takes a data folder for this process alone and opens the log database in it. A damaged database
 * is set aside and begun anew: the logs are still in their files. Where the folder can't be written
 * entries are kept in a temporary one, and so they are with `keepsNothing`. Rejects with
 * `data-folder-in-use` when another engine has it.
 */
export function openDataFolder(
	folder: string,
	threads: StorageThreads,
	{ keepsNothing = false }: { readonly keepsNothing?: boolean } = {},
): DataFolder {
	const settingsPath = join(folder, 'settings.json');
	const feedsPath = join(folder, 'feeds');
	const handedOnPath = join(folder, 'handed-on.json');
	const paths = { settingsPath, feedsPath, handedOnPath };
	let release: () => void;
	try {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		release = lock(folder);
	} catch (error) {
		if (error instanceof AppError) {
			throw error;
		}
		return {
			...openTemporary(threads),
			...paths,
			problems: [
				`The data folder ${folder} can't be written (${messageOf(error)}): what is read is kept until you quit. Choose another folder with --data.`,
			],
		};
	}
	try {
		if (keepsNothing) {
			const { storage, release: remove } = openTemporary(threads);
			const releaseBoth = () => {
				remove();
				release();
			};
			return { storage, ...paths, problems: [], release: releaseBoth };
		}
		return { ...openStorage(join(folder, 'logs.db'), threads), ...paths, release };
	} catch (error) {
		release();
		throw error;
	}
}

/** A database of which nothing is left in the end. */
function openTemporary(threads: StorageThreads): Pick<DataFolder, 'storage' | 'release'> {
	const temporary = mkdtempSync(join(tmpdir(), 'asyncz-companion-'));
	return {
		storage: new SegmentStorage(join(temporary, 'logs.db'), threads),
		release: () => rmSync(temporary, { recursive: true, force: true }),
	};
}

function openStorage(
	path: string,
	threads: StorageThreads,
): Pick<DataFolder, 'storage' | 'problems'> {
	try {
		return { storage: new SegmentStorage(path, threads), problems: [] };
	} catch (error) {
		if (!(error instanceof AppError && error.cause instanceof DatabaseDamaged)) {
			throw error;
		}
		const aside = setAside(path);
		return {
			storage: new SegmentStorage(path, threads),
			problems: [
				`The log database was damaged and is kept as ${aside}. A new one is being built from your log files.`,
			],
		};
	}
}

/**
 * Holds a lock that the system gives back when the process ends, however it ends: SQLite's own, on
 * a database that nobody else uses.
 */
function lock(folder: string): () => void {
	const path = join(folder, 'lock.db');
	try {
		return beginExclusive(path);
	} catch (error) {
		if (error instanceof Database.SqliteError && error.code === 'SQLITE_NOTADB') {
			// Emptied and not removed: a lock is on the file, not on its name.
			truncateSync(path);
			return beginExclusive(path);
		}
		if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
			throw new AppError(
				'data-folder-in-use',
				`The data folder ${folder} is in use by another AsyncZ Companion. Close that one, or choose another folder with --data.`,
				{ cause: error },
			);
		}
		throw error;
	}
}

function beginExclusive(path: string): () => void {
	// A moment of patience: the engine before this one may still be going.
	const db = new Database(path, { timeout: 2_000 });
	try {
		db.pragma('locking_mode = EXCLUSIVE');
		db.exec('BEGIN EXCLUSIVE');
		return () => db.close();
	} catch (error) {
		db.close();
		throw error;
	}
}

function setAside(path: string): string {
	const aside = `${path}.damaged-${Date.now()}`;
	for (const suffix of ['', '-wal', '-shm']) {
		if (existsSync(path + suffix)) {
			renameSync(path + suffix, aside + suffix);
		}
	}
	rmSync(damageMark(path), { force: true });
	return aside;
}

import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, messageOf } from '#shared/errors.ts';

/** A connection that may write. There is one, in the engine's main thread. */
export type WritableDatabase = Database.Database & { readonly mode: 'writable' };
/** A connection that only reads. A function that writes cannot be given one. */
export type ReadonlyDatabase = Database.Database & { readonly mode: 'readonly' };

/** Written by a newer version: this one must not touch it. */
export const SCHEMA_VERSION = 1;

// A row per entry. `folded` is the lower-case message where it is not plain ASCII: SQLite folds
// ASCII only, and its LIKE stops at NUL. `raw` stands last, so that scans need not step over it.
//
// A block is a stretch of `seq` that holds up to BLOCK_ROWS entries, and no two overlap: counts are
// kept per block, which makes a total or a jump to row N a walk over some hundred numbers.
const SCHEMA = `
	CREATE TABLE entry(
		seq INTEGER PRIMARY KEY,
		source INTEGER NOT NULL,
		ts INTEGER NOT NULL,
		severity INTEGER NOT NULL,
		flags INTEGER NOT NULL,
		level TEXT NOT NULL,
		logger TEXT NOT NULL,
		task_id TEXT,
		offset INTEGER NOT NULL,
		message TEXT NOT NULL,
		folded TEXT,
		raw NOT NULL
	);
	CREATE TABLE block(
		id INTEGER PRIMARY KEY,
		first INTEGER NOT NULL,
		last INTEGER NOT NULL,
		rows INTEGER NOT NULL,
		version INTEGER NOT NULL,
		min_ts INTEGER NOT NULL,
		max_ts INTEGER NOT NULL,
		max_severity INTEGER NOT NULL,
		errors INTEGER NOT NULL
	);
	CREATE INDEX block_by_first ON block(first);
	CREATE TABLE checkpoint(source INTEGER PRIMARY KEY, data TEXT NOT NULL);
	CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** How many entries a block holds at most. */
export const BLOCK_ROWS = 4_096;

/**
 * Opens the database for writing and brings it to the current schema. Throws an `AppError`
 * `storage-failed`, with a `DatabaseDamaged` cause where the file is no sound database.
 */
export function openWritable(path: string): WritableDatabase {
	let db: Database.Database | undefined;
	try {
		if (existsSync(damageMark(path))) {
			throw damaged(path, new DatabaseDamaged('it was found damaged before'));
		}
		// For this user alone, whoever made the folder: logs hold what is nobody else's business.
		closeSync(openSync(path, 'a', 0o600));
		db = new Database(path);
		db.pragma('journal_mode = WAL');
		// WAL alone silently means NORMAL in this build. FULL makes every commit survive power loss.
		db.pragma('synchronous = FULL');
		db.pragma('cache_size = -32000');
		migrate(db, path);
		checkSoundness(db, path);
		return db as WritableDatabase;
	} catch (error) {
		db?.close();
		throw explainStorageError(error, path);
	}
}

/** Opens it for reading, in any thread. */
export function openReadonly(path: string): ReadonlyDatabase {
	const db = new Database(path, { readonly: true, fileMustExist: true });
	db.pragma('cache_size = -64000');
	return db as unknown as ReadonlyDatabase;
}

/** The file is no sound SQLite database: it can be set aside and built anew from the logs. */
export class DatabaseDamaged extends Error {}

/** Stands beside a database that was found damaged in use: opening it does not come by every page. */
export function damageMark(path: string): string {
	return `${path}.is-damaged`;
}

/**
 * Says what a failed write or read means for the user. Where it means damage, it leaves the mark for
 * the next opening.
 */
export function explainStorageError(error: unknown, path: string): AppError {
	if (error instanceof AppError) {
		return error;
	}
	const code = error instanceof Database.SqliteError ? error.code : errorCode(error);
	const fail = (message: string) => new AppError('storage-failed', message, { cause: error });
	if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'SQLITE_IOERR_WRITE') {
		return fail(
			`The disk that holds ${path} is full. Free some space: reading goes on by itself, and nothing is lost meanwhile.`,
		);
	}
	if (code?.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
		writeMark(path);
		return damaged(path, new DatabaseDamaged(messageOf(error), { cause: error }));
	}
	if (code?.startsWith('SQLITE_READONLY') || code === 'SQLITE_CANTOPEN' || code === 'EACCES') {
		return fail(`The log database ${path} can't be written: check the permissions of its folder.`);
	}
	return fail(`The log database ${path} failed: ${messageOf(error)}.`);
}

function damaged(path: string, cause: DatabaseDamaged): AppError {
	return new AppError(
		'storage-failed',
		`The log database ${path} is damaged. Start AsyncZ Companion again: it is then set aside and built anew from the logs.`,
		{ cause },
	);
}

function writeMark(path: string): void {
	try {
		writeFileSync(damageMark(path), '');
	} catch {
		// Without it the damage is found again, as it was this time.
	}
}

function errorCode(error: unknown): string | undefined {
	return error instanceof Error && 'code' in error && typeof error.code === 'string'
		? error.code
		: undefined;
}

function migrate(db: Database.Database, path: string): void {
	const version = db.pragma('user_version', { simple: true });
	if (version === 0) {
		db.transaction(() => {
			db.exec(SCHEMA);
			db.pragma(`user_version = ${SCHEMA_VERSION}`);
		})();
	} else if (version !== SCHEMA_VERSION) {
		throw new AppError(
			'storage-failed',
			`The log database ${path} was written by another version of AsyncZ Companion (schema ${String(version)}, this one knows ${SCHEMA_VERSION}). Use that version, or another folder with --data.`,
		);
	}
}

/** Reads what every later step relies on; a full `integrity_check` would take minutes. */
function checkSoundness(db: Database.Database, path: string): void {
	const tables = db
		.prepare(`SELECT count(*) FROM sqlite_schema WHERE type = 'table'`)
		.pluck()
		.get();
	if (typeof tables !== 'number' || tables < 4) {
		throw new AppError('storage-failed', `The log database ${path} lacks tables.`, {
			cause: new DatabaseDamaged('tables are missing'),
		});
	}
	db.prepare('SELECT * FROM block ORDER BY first DESC LIMIT 1').get();
	db.prepare('SELECT seq FROM entry ORDER BY seq DESC LIMIT 1').get();
	db.prepare('SELECT * FROM checkpoint').all();
}

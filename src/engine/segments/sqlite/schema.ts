import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError, messageOf } from '#shared/errors.ts';

/** A connection that may write. There is one, in the engine's main thread. */
export type WritableDatabase = Database.Database & { readonly mode: 'writable' };
/** A connection that only reads. A function that writes cannot be given one. */
export type ReadonlyDatabase = Database.Database & { readonly mode: 'readonly' };

/** Written by a newer version: this one must not touch it. */
export const SCHEMA_VERSION = 4;

// The unit is the segment: thousands of rows as columns, in one BLOB. A row per entry would cost
// 2 to 8 microseconds each, whatever the pragmas; a segment costs that for all of them.
//
// `coverage` says which bytes of which log are in which segment (NULL: the segment has left to keep
// within the bounds). It is what exactly-once rests on: a log goes on where its coverage ends, and
// bytes can't be stored twice, because the key and the trigger refuse it.
const SCHEMA = `
	CREATE TABLE generation(id INTEGER PRIMARY KEY, source INTEGER NOT NULL, data TEXT NOT NULL);
	CREATE TABLE coverage(
		generation INTEGER NOT NULL,
		start INTEGER NOT NULL,
		end INTEGER NOT NULL,
		segment INTEGER,
		PRIMARY KEY (generation, start)
	) WITHOUT ROWID;
	CREATE INDEX coverage_by_segment ON coverage(segment);
	CREATE TRIGGER coverage_once BEFORE INSERT ON coverage
	WHEN EXISTS (
		SELECT 1 FROM coverage WHERE generation = new.generation AND start < new.end
		AND start >= (SELECT coalesce(max(start), 0) FROM coverage WHERE generation = new.generation AND start <= new.start)
		AND end > new.start
	)
	BEGIN SELECT raise(ABORT, 'these bytes are stored already'); END;
	CREATE TABLE segment(
		id INTEGER PRIMARY KEY,
		seq INTEGER NOT NULL UNIQUE,
		meta TEXT NOT NULL,
		odd BLOB NOT NULL,
		columns BLOB NOT NULL,
		filter BLOB NOT NULL
	);
	CREATE TABLE text(id INTEGER PRIMARY KEY, data BLOB NOT NULL);
	CREATE TABLE dictionary(
		kind TEXT NOT NULL, id INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (kind, id)
	) WITHOUT ROWID;
	CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** How far each storage has come that is fed from here. */
const FORWARD = `
	CREATE TABLE forward(
		address TEXT PRIMARY KEY,
		writer TEXT NOT NULL,
		after INTEGER NOT NULL,
		begun INTEGER NOT NULL,
		had_after INTEGER NOT NULL,
		had_to INTEGER NOT NULL,
		since INTEGER NOT NULL,
		missed INTEGER NOT NULL
	) WITHOUT ROWID;
`;

/** What a storage was known to us by before the run in which it was given something last. */
const FORWARD_BEFORE = `
	ALTER TABLE forward ADD COLUMN before TEXT NOT NULL DEFAULT '';
	ALTER TABLE forward ADD COLUMN before_to INTEGER NOT NULL DEFAULT 0;
`;

/** Bytes of text that are compressed together: large enough to compress well, small enough to read one line. */
export const TEXT_BLOCK_BYTES = 256 * 1024;

/** A segment has no more blocks of text than this. */
const MAX_TEXT_BLOCKS = 2 ** 20;

/** The key of a block of a segment's text. */
export function textKey(segment: number, block: number): number {
	return segment * MAX_TEXT_BLOCKS + block;
}

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
		// Both only count for a new database. Large pages suit BLOBs of a megabyte.
		db.pragma('page_size = 8192');
		db.pragma('auto_vacuum = INCREMENTAL');
		db.pragma('journal_mode = WAL');
		db.pragma('journal_size_limit = 16777216');
		// WAL alone silently means NORMAL in this build. FULL makes every commit survive power loss.
		db.pragma('synchronous = FULL');
		// BLOBs are read and written once: there is little to gain from a cache.
		db.pragma('cache_size = -8000');
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
	db.pragma('cache_size = -8000');
	return db as unknown as ReadonlyDatabase;
}

/** Bytes of the database that hold something: what left is used again, not given back at once. */
export function usedBytes(db: WritableDatabase): number {
	const pragma = (name: string) => Number(db.pragma(name, { simple: true }));
	return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
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
	if (error instanceof DatabaseDamaged) {
		writeMark(path);
		return damaged(path, error);
	}
	const isNoise = code?.startsWith('ZSTD_error') === true;
	if (isNoise || code?.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
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

/** Tables of version 1, which had a row per entry: the logs are read anew from their files. */
const DROP_VERSION_1 = `DROP TABLE entry; DROP TABLE block; DROP TABLE checkpoint; DROP TABLE counter;`;

function migrate(db: Database.Database, path: string): void {
	const version = db.pragma('user_version', { simple: true });
	if (version === 0 || version === 1 || version === 2 || version === 3) {
		db.transaction(() => {
			db.exec(version === 1 ? DROP_VERSION_1 : '');
			db.exec(version < 2 ? SCHEMA : '');
			db.exec(version < 3 ? FORWARD : '');
			db.exec(FORWARD_BEFORE);
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
	if (typeof tables !== 'number' || tables < 7) {
		throw new AppError('storage-failed', `The log database ${path} lacks tables.`, {
			cause: new DatabaseDamaged('tables are missing'),
		});
	}
	db.prepare('SELECT * FROM segment ORDER BY seq DESC LIMIT 1').get();
	db.prepare('SELECT * FROM text ORDER BY id DESC LIMIT 1').get();
	db.prepare('SELECT * FROM generation').all();
	db.prepare('SELECT * FROM coverage').all();
}

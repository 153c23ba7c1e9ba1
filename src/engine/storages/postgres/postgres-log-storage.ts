import { AppError } from '#shared/errors.ts';
import type { StorageAbilities } from '#shared/model/storage.ts';
import type {
	LogStorage,
	NewEntry,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
} from '../log-storage.ts';
import { closedError } from '../closed-error.ts';
import { appendEntries } from './append.ts';
import { PostgresConnection } from './connection.ts';
import type { PostgresAccess } from './connection.ts';
import { PostgresFollower } from './follow.ts';
import { openTable } from './open-table.ts';
import type { OpenedTable } from './open-table.ts';
import { PendingText } from './pending-text.ts';
import { PostgresAnswers } from './own-answers.ts';
import { readPage } from './pages.ts';

/** Tables up to this estimate are counted. */
const COUNTED_ROWS = 200_000;
const COUNT_MS = 2_000;

/**
 * Entries in a table of PostgreSQL, `asyncz_logs (ts, level, message, logger, task_id, extra)`: one
 * that is there is used as it is found, and neither changed nor are rows of others touched; otherwise
 * one is made, with an `id` in order of arrival and the indexes that its questions use.
 *
 * - An acknowledged entry is committed: it survives what the server's settings say (by default the
 *   loss of power). Entries with an `origin` are there once, however often they are offered, as long
 *   as its user may keep `asyncz_companion_writers` in the schema; else perhaps twice.
 * - What the columns can't hold is replaced: see `jsonbText`. Times are kept to the microsecond.
 * - Followers are told of each row that commits after `follow` resolved, once, whoever writes it, a
 *   row with a lower id that commits later too; a table without an id only rows of the last minute.
 * - A connection that is lost is made anew with the next question.
 */
export class PostgresLogStorage implements LogStorage {
	readonly own: PostgresAnswers;
	readonly #access: PostgresAccess;
	#opened: OpenedTable;
	readonly #writer: PostgresConnection;
	readonly #reader: PostgresConnection;
	readonly #tallies: PostgresConnection;
	readonly #text: PendingText;
	readonly #followers = new Set<PostgresFollower>();
	#isClosed = false;

	private constructor(access: PostgresAccess, opened: OpenedTable, writer: PostgresConnection) {
		this.#access = access;
		this.#opened = opened;
		this.#writer = writer;
		this.#reader = new PostgresConnection(access, 'reads');
		this.#tallies = new PostgresConnection(access, 'counts');
		this.#text = new PendingText(access, opened.pending);
		this.own = new PostgresAnswers(this.#reader, this.#tallies, opened.table);
	}

	/** Connects, and finds or makes the table. Rejects with a sentence that never has the password. */
	static async open(access: PostgresAccess): Promise<PostgresLogStorage> {
		const writer = new PostgresConnection(access, 'writes');
		try {
			return new PostgresLogStorage(access, await openTable(writer, access), writer);
		} catch (error) {
			await writer.close();
			throw error;
		}
	}

	get abilities(): StorageAbilities {
		const { readOnly, hints, isCounted } = this.#opened;
		return {
			durability: 'server',
			delivery: isCounted ? 'once' : 'at-least-once',
			follows: 'poll',
			isShared: true,
			...(readOnly === undefined ? {} : { readOnly }),
			...(hints.length === 0 ? {} : { hints }),
		};
	}

	async append(entries: readonly NewEntry[]): Promise<void> {
		if (this.#opened.readOnly !== undefined && this.#access.use !== 'read') {
			// It may have been allowed since.
			this.#opened = await openTable(this.#writer, this.#access);
		}
		const { readOnly, table, isCounted } = this.#opened;
		if (readOnly !== undefined) {
			throw new AppError('storage-failed', readOnly);
		}
		await appendEntries(this.#writer, table, entries, isCounted, this.#text.begin);
		this.#text.appended(entries.length);
	}

	query(query: StorageQuery): Promise<StoragePage> {
		return readPage(this.#reader, this.#opened.table, query);
	}

	async stats(): Promise<StorageStats> {
		if (this.#opened.isMissing) {
			return { size: 0 };
		}
		const { sql, oid } = this.#opened.table;
		const [row] = await this.#tallies.query(
			`SELECT (SELECT sum(greatest(reltuples, 0)) FROM pg_class WHERE oid = $1::oid OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = $1::oid))::bigint, pg_total_relation_size($1::oid)`,
			[oid],
		);
		const [estimate, size] = (row ?? []).map(Number);
		const bytes = size === undefined || size === 0 ? {} : { bytes: size };
		if ((estimate ?? 0) > COUNTED_ROWS) {
			return { size: estimate ?? 0, isEstimate: true, ...bytes };
		}
		// An estimate of a table that was never analyzed says nothing: it is counted up to a bound.
		const most = 10 * COUNTED_ROWS;
		const [counted] = await this.#tallies.query(
			`SELECT count(*) FROM (SELECT FROM ${sql} LIMIT ${most}) AS counted`,
			[],
			{ ms: COUNT_MS * 5 },
		);
		const rows = Number(counted?.[0] ?? 0);
		return { size: rows, ...(rows === most ? { isEstimate: true } : {}), ...bytes };
	}

	async follow(follower: StorageFollower): Promise<() => Promise<void>> {
		if (this.#isClosed) {
			throw closedError('PostgreSQL');
		}
		const connection = new PostgresConnection(this.#access, 'follows');
		const { table, isStandby } = this.#opened;
		const running = new PostgresFollower(connection, table, follower, !isStandby);
		this.#followers.add(running);
		try {
			await running.start();
		} catch (error) {
			this.#followers.delete(running);
			await running.stop();
			throw error;
		}
		return async () => {
			this.#followers.delete(running);
			await running.stop();
		};
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		await Promise.all([...this.#followers].map((follower) => follower.stop()));
		await Promise.all(
			[this.#writer, this.#reader, this.#tallies, this.#text].map((part) => part.close()),
		);
	}
}

import type { StoredEntry } from '../log-storage.ts';
import type { PostgresConnection } from './connection.ts';
import type { NewRows } from './follow.ts';
import type { LogTable } from './sql/log-table.ts';
import { Parameters } from './sql/parameters.ts';
import { timeOf } from './sql/times.ts';
import { entryColumns, entryOf } from './stored-rows.ts';

/** Rows may come so much later than others of the same time; in microseconds. */
const LATE = 60_000_000;

/** Rows that are read in one go. */
const BATCH = 10_000;

/**
 * New rows of a table without an id: those of the last minute that were not there before. Such that
 * come with an earlier time are found when the table is read again.
 */
export class RowsByTime implements NewRows {
	readonly isWaiting = false;
	readonly #connection: PostgresConnection;
	readonly #table: LogTable;
	#seen = new Map<string, number>();
	#newest = 0;

	constructor(connection: PostgresConnection, table: LogTable) {
		this.#connection = connection;
		this.#table = table;
	}

	async begin(): Promise<void> {
		const columns = entryColumns(this.#table);
		const sql = `SELECT ${columns} FROM ${this.#table.sql} t WHERE t.ts IS NOT NULL ORDER BY t.ts DESC LIMIT 1`;
		const [row] = await this.#connection.query(sql);
		this.#newest = row === undefined ? 0 : entryOf(this.#table, row).ts;
		this.#seen.clear();
		await this.next();
	}

	async next(): Promise<readonly StoredEntry[]> {
		const parameters = new Parameters();
		const from = timeOf(this.#table, parameters, this.#newest - LATE);
		const rows = await this.#connection.query(
			...parameters.bind(
				`SELECT ${entryColumns(this.#table)} FROM ${this.#table.sql} t WHERE t.ts >= ${from} ORDER BY t.ts DESC, t.tableoid DESC, t.ctid DESC LIMIT ${BATCH}`,
			),
		);
		const entries = rows
			.map((row) => entryOf(this.#table, row))
			.filter(({ id }) => !this.#seen.has(id))
			.toReversed();
		for (const { id, ts } of entries) {
			this.#seen.set(id, ts);
			this.#newest = Math.max(this.#newest, ts);
		}
		for (const [id, ts] of this.#seen) {
			if (ts < this.#newest - 2 * LATE) {
				this.#seen.delete(id);
			}
		}
		return entries;
	}

	async hasLost(): Promise<boolean> {
		return false;
	}
}

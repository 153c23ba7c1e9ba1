import type { StoredEntry } from '../log-storage.ts';
import type { PostgresConnection, Row } from './connection.ts';
import type { NewRows } from './follow.ts';
import { IdHoles } from './id-holes.ts';
import type { LogTable } from './sql/log-table.ts';
import { Parameters } from './sql/parameters.ts';
import { entryColumns, entryOf } from './stored-rows.ts';

/** Rows that are read in one go. */
const BATCH = 2_000;

/** Among so many of the newest ids holes are looked for at the beginning. */
const LOOKED_BACK = 10_000;

/** So long holes are asked for at least; longer where ids are given out in advance. */
const KEEP_MS = 30_000;
const KEEP_CACHED_MS = 600_000;

/** So long rows wait for one with a lower id: writers at work at the same time commit within it. */
const WAIT_MS = 120;

/** The lowest and the highest id; 0 if there is none. */
interface Ends {
	readonly first: bigint;
	readonly last: bigint;
}

interface Transactions {
	/** The oldest one that is still at work. */
	readonly oldest: bigint;
	/** The number that the next one will have. */
	readonly next: bigint;
}

/**
 * New rows of a table with an id. Ids are not in the order of commits: one that is missing below the
 * last one is asked for until nobody can bring it any more. For a moment the rows above wait for it, so
 * that with several writers nearly all are told in the order of their ids.
 */
export class RowsById implements NewRows {
	readonly #connection: PostgresConnection;
	readonly #table: LogTable;
	#ids = new IdHoles(0n, KEEP_MS);
	#held: readonly StoredEntry[] = [];
	#ends: Ends = { first: 0n, last: 0n };
	#hadNumbers: boolean;

	constructor(connection: PostgresConnection, table: LogTable) {
		this.#connection = connection;
		this.#table = table;
		this.#hadNumbers = table.numbers.areKnown;
	}

	get isWaiting(): boolean {
		return this.#held.length > 0;
	}

	async begin(): Promise<void> {
		this.#held = [];
		const { sql, hasCachedIds } = this.#table;
		const { next } = await this.#transactions();
		this.#ends = await this.#findEnds();
		const { last } = this.#ends;
		this.#ids = new IdHoles(last, hasCachedIds ? KEEP_CACHED_MS : KEEP_MS);
		const rows = await this.#connection.query(
			`SELECT low + 1, id - 1 FROM (SELECT id, lag(id, 1, greatest($1::bigint - ${LOOKED_BACK}, 0)) OVER (ORDER BY id) AS low FROM ${sql} WHERE id > $1::bigint - ${LOOKED_BACK} AND id <= $1::bigint) AS near WHERE id > low + 1`,
			[String(last)],
		);
		for (const [from, to] of rows) {
			this.#ids.add(BigInt(from ?? 0), BigInt(to ?? 0), next, performance.now() - WAIT_MS);
		}
	}

	async next(): Promise<readonly StoredEntry[]> {
		const { sql } = this.#table;
		const columns = entryColumns(this.#table);
		const { holes, last } = this.#ids;
		const parameters = new Parameters();
		const fillers =
			holes.length === 0
				? ''
				: `(SELECT ${columns} FROM unnest(${parameters.numbers(holes.map(({ from }) => from))}, ${parameters.numbers(holes.map(({ to }) => to))}) AS h(low, high) JOIN ${sql} t ON t.id BETWEEN h.low AND h.high LIMIT ${BATCH}) UNION ALL `;
		const since = `(SELECT ${columns} FROM ${sql} t WHERE t.id > ${parameters.add(last, 'bigint')} ORDER BY t.id LIMIT ${BATCH})`;
		// Of one moment: of what has ended by it, all rows are among these.
		const statement = `SELECT txid_snapshot_xmin(s.now)::text, txid_snapshot_xmax(s.now)::text, r.* FROM txid_current_snapshot() AS s(now) LEFT JOIN (${fillers}${since}) AS r ON true`;
		const now = performance.now();
		const told = await this.#connection.query(...parameters.bind(statement));
		const { oldest, next } = transactionsOf(told[0]);
		const settled = this.#ids.settled(oldest, now);
		const rows = told.map((row) => row.slice(2)).filter(([id]) => id !== null);
		const came = rows.map((row) => entryOf(this.#table, row)).sort(byId);
		this.#ids.see(
			came.map(({ id }) => BigInt(id)),
			next,
			now,
		);
		if (rows.length < BATCH) {
			this.#ids.forget(settled);
		}
		const border = this.#ids.firstWithin(WAIT_MS, now);
		const entries = [...this.#held, ...came].sort(byId);
		const isHeld = ({ id }: StoredEntry) => border !== undefined && BigInt(id) > border;
		this.#held = entries.filter(isHeld);
		return entries.filter((entry) => !isHeld(entry));
	}

	async hasLost(): Promise<boolean> {
		const ends = await this.#findEnds();
		const before = this.#ends;
		this.#ends = ends;
		// Emptied: ids may begin anew.
		if (ends.last < this.#ids.last && ends.last < before.last) {
			await this.begin();
			return true;
		}
		// Without numbers of their own, entries are numbered as they are read anew.
		const isNumbered = this.#hadNumbers === this.#table.numbers.areKnown;
		this.#hadNumbers = this.#table.numbers.areKnown;
		return !isNumbered || (before.first !== 0n && ends.first !== before.first);
	}

	async #findEnds(): Promise<Ends> {
		const [row] = await this.#connection.query(
			`SELECT (SELECT min(id) FROM ${this.#table.sql}), (SELECT max(id) FROM ${this.#table.sql})`,
		);
		return { first: BigInt(row?.[0] ?? 0), last: BigInt(row?.[1] ?? 0) };
	}

	async #transactions(): Promise<Transactions> {
		const [row] = await this.#connection.query(
			'SELECT txid_snapshot_xmin(s)::text, txid_snapshot_xmax(s)::text FROM txid_current_snapshot() AS s',
		);
		return transactionsOf(row);
	}
}

function transactionsOf(row: Row | undefined): Transactions {
	return { oldest: BigInt(row?.[0] ?? 0), next: BigInt(row?.[1] ?? 0) };
}

function byId(a: StoredEntry, b: StoredEntry): number {
	const [first, second] = [BigInt(a.id), BigInt(b.id)];
	return first < second ? -1 : first > second ? 1 : 0;
}

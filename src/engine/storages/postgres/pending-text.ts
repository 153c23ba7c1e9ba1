import type { PostgresAccess, Send } from './connection.ts';
import { PostgresConnection } from './connection.ts';
import { PostgresError } from './postgres-errors.ts';
import type { LogTable } from './sql/log-table.ts';

/** With so many rows waiting, sorting them in is worth its while; they slow down questions until then. */
const WORTH_IT = 4_000;

/** A list of this many kilobytes makes a writer sort it in by itself: what has not been done until then. */
const MOST_KB = 65_536;

/** Sorting in is given up after this; what is done stays done. */
const SORT_MS = 30_000;

/**
 * An index for text (GIN) takes new rows on a list, and sorts the list in when it is long: most of
 * what an insert costs, paid by the writer that happens to fill it. Here a connection of its own does
 * it, while the next entries are appended. Where this user may not, all stays as the server has it.
 */
export class PendingText {
	readonly #connection: PostgresConnection;
	readonly #indexes: readonly string[];
	#waiting = 0;
	#running: Promise<void> | undefined;
	#isOff: boolean;

	/** `indexes`: what `findPendingIndexes` found. */
	constructor(access: PostgresAccess, indexes: readonly string[]) {
		this.#connection = new PostgresConnection(access, 'sorts');
		this.#indexes = indexes;
		this.#isOff = indexes.length === 0;
	}

	/** What a transaction that appends begins with. */
	get begin(): string {
		return this.#isOff ? 'BEGIN' : `BEGIN; SET LOCAL gin_pending_list_limit = ${MOST_KB}`;
	}

	/** So many rows were committed. */
	appended(rows: number): void {
		this.#waiting += rows;
		if (!this.#isOff && this.#waiting >= WORTH_IT) {
			this.#running ??= this.#sort().finally(() => {
				this.#running = undefined;
			});
		}
	}

	async close(): Promise<void> {
		this.#isOff = true;
		await this.#connection.close();
		await this.#running;
	}

	async #sort(): Promise<void> {
		while (!this.#isOff && this.#waiting >= WORTH_IT) {
			this.#waiting = 0;
			try {
				for (const index of this.#indexes) {
					await this.#connection.query(
						'SELECT gin_clean_pending_list($1::oid::regclass)',
						[index],
						{ ms: SORT_MS },
					);
				}
			} catch (error) {
				// Away: tried again with what comes next. Not allowed: writers sort in by themselves.
				this.#isOff ||= error instanceof PostgresError && error.reason.startsWith('42');
				return;
			}
		}
	}
}

/** The indexes of a table with such a list that this user may sort in. */
export async function findPendingIndexes(
	send: Send,
	{ oid }: LogTable,
): Promise<readonly string[]> {
	const rows = await send(
		`SELECT c.oid::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid = $1::oid AND i.indisvalid AND c.relkind = 'i' AND a.amname = 'gin' AND pg_has_role(c.relowner, 'USAGE')`,
		[oid],
	);
	return rows.map(([index]) => index ?? '');
}

import type { EngineApi } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';

/** More would leave no room for the table. */
export const MAX_PINNED = 5;

/** Rows that stay on top of the table while the others scroll. */
export class PinnedRows {
	/** In the order in which they were pinned. */
	list: readonly EntryRow[] = $state.raw([]);
	readonly #api: Pick<EngineApi, 'query'>;

	constructor(api: Pick<EngineApi, 'query'>) {
		this.#api = api;
	}

	has({ seq }: EntryRow): boolean {
		return this.list.some((row) => row.seq === seq);
	}

	/** Pins a row, or lets it go. `false`: there are too many already. */
	toggle(row: EntryRow): boolean {
		if (this.has(row)) {
			this.list = this.list.filter(({ seq }) => seq !== row.seq);
			return true;
		}
		if (this.list.length >= MAX_PINNED) {
			return false;
		}
		this.list = [...this.list, row];
		return true;
	}

	clear(): void {
		this.list = [];
	}

	/** The table shows other fields: the rows are read again with these. Lets go of rows that left. */
	async showFields(fields: readonly string[]): Promise<void> {
		const asked = this.list.map(
			async ({ seq }) => [seq, await this.#read(seq, [...fields])] as const,
		);
		const rows = new Map(await Promise.all(asked));
		this.list = this.list.flatMap((row) => (rows.has(row.seq) ? (rows.get(row.seq) ?? []) : row));
	}

	async #read(seq: number, fields: string[]): Promise<EntryRow | undefined> {
		for (;;) {
			const query = { up_to: seq, arrived_after: seq - 1, limit: 1, offset: 0, fields };
			const { rows, complete } = await this.#api.query(query);
			if (complete) {
				return rows[0];
			}
		}
	}
}

import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import type { QueryState } from './query-state.ts';
import type { HeldSegment } from './segment-set.ts';

/** Rows as clients are shown them: what stands in them, and what is known from those before them. */
export class ShownRows {
	readonly #state: QueryState;

	constructor(state: QueryState) {
		this.#state = state;
	}

	row(held: HeldSegment, row: number): EntryRow {
		const { rows, segments } = this.#state;
		return { ...rows.row(held, segments.resident(held), row), ...this.#late(held, row) };
	}

	/** `undefined` if it is in no answer. */
	entry(held: HeldSegment, row: number): LogEntry | undefined {
		const { rows, segments } = this.#state;
		const resident = segments.resident(held);
		return this.#state.isHidden(resident, row)
			? undefined
			: { ...rows.entry(held, resident, row), ...this.#late(held, row) };
	}

	#late(held: HeldSegment, row: number): { readonly late?: number } {
		const late = this.#state.late.of(held, row);
		return late === undefined ? {} : { late };
	}
}

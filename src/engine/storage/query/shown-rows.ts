import { previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldText } from '#shared/query/entry-fields.ts';
import type { QueryState } from './query-state.ts';
import type { HeldSegment } from './segment-set.ts';

/** Rows as clients are shown them: what stands in them, and what is known from those before them. */
export class ShownRows {
	readonly #state: QueryState;

	constructor(state: QueryState) {
		this.#state = state;
	}

	/** With the values of these fields, if any are named. */
	row(held: HeldSegment, row: number, fields: readonly FieldPath[] = []): EntryRow {
		const { rows, segments } = this.#state;
		const shown = { ...rows.row(held, segments.resident(held), row), ...this.#late(held, row) };
		return fields.length === 0
			? shown
			: { ...shown, fields: this.#fields(held, row, shown, fields) };
	}

	/** `undefined` if it is in no answer. */
	entry(held: HeldSegment, row: number): LogEntry | undefined {
		const { rows, segments } = this.#state;
		const resident = segments.resident(held);
		return this.#state.isHidden(resident, row)
			? undefined
			: { ...rows.entry(held, resident, row), ...this.#late(held, row) };
	}

	#fields(
		held: HeldSegment,
		row: number,
		shown: EntryRow,
		fields: readonly FieldPath[],
	): (string | null)[] {
		const { rows, segments, sources } = this.#state;
		// What stands in columns is here: only for the rest the row's text is decoded.
		const isHere = fields.every((field) => 'column' in field && field.column !== 'exception');
		const entry = isHere ? shown : rows.entry(held, segments.resident(held), row);
		return fields.map((field) => {
			const text = fieldText(entry, field, sources);
			return text === null ? null : previewOf(text);
		});
	}

	#late(held: HeldSegment, row: number): { readonly late?: number } {
		const late = this.#state.late.of(held, row);
		return late === undefined ? {} : { late };
	}
}

import { previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { MAX_PAGE_ROWS } from '#shared/model/query.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldTexts } from '#shared/query/entry-fields.ts';
import type { QueryState } from '../query-state.ts';
import { RowEntry } from './row-entry.ts';
import { headRow, textLength } from './row-text.ts';
import type { HeldSegment } from '../segment-set.ts';

/** To read a row with more text takes so long that it is remembered. */
const LONG_BYTES = 64 * 1024;

/** So many of these are: those of two pages. */
const KEPT_ROWS = 2 * MAX_PAGE_ROWS;

/** Rows as clients are shown them: what stands in them, and what is known from those before them. */
export class ShownRows {
	/** Rises whenever something is found out that will be remembered. */
	learned = 0;
	readonly #state: QueryState;
	/** Long rows; the one used last stands last. */
	readonly #long = new Map<string, EntryRow>();
	/** Under which names sources are known in those. */
	#sources: QueryState['sources'];

	constructor(state: QueryState) {
		this.#state = state;
		this.#sources = state.sources;
	}

	/**
	 * A row with the values of these fields, if any are named, and the number of its repeats, if that
	 * is asked for. `undefined`: to read it would take long,
	 * and the time `isOver`.
	 */
	row(
		held: HeldSegment,
		row: number,
		fields: readonly FieldPath[],
		isOver: () => boolean,
		withRepeats = false,
	): EntryRow | undefined {
		const { columns } = this.#state.segments.resident(held);
		// The entries of one line are decoded together.
		const isOwn = columns.part[row] === 0 || fields.length > 0;
		const isLong = isOwn && textLength(columns, row) > LONG_BYTES;
		const shown = isLong ? this.#longRow(held, row, fields, isOver) : this.#read(held, row, fields);
		if (shown === undefined || !withRepeats) {
			return shown && { ...shown, ...this.#late(held, row) };
		}
		const repeats = this.#state.repeats.after(held, row, isOver);
		return repeats && { ...shown, ...this.#late(held, row), repeats };
	}

	/** `undefined` if it is in no answer. */
	entry(held: HeldSegment, row: number): LogEntry | undefined {
		const { rows, segments } = this.#state;
		const resident = segments.resident(held);
		return this.#state.isHidden(resident, row)
			? undefined
			: {
					...rows.entry(held, resident, row),
					...this.#late(held, row),
					...(this.#state.repeats.is(held, row) ? { repeat: true } : {}),
				};
	}

	#longRow(
		held: HeldSegment,
		row: number,
		fields: readonly FieldPath[],
		isOver: () => boolean,
	): EntryRow | undefined {
		const { segments, sources } = this.#state;
		if (this.#sources !== sources) {
			this.#sources = sources;
			this.#long.clear();
		}
		const { seq, version, isTextKept, late } = held.segment;
		const { columns } = segments.resident(held);
		const end = columns.end[headRow(columns, row)];
		const key = JSON.stringify([seq + row, version, isTextKept, end, late.length, fields]);
		let shown = this.#long.get(key);
		if (shown === undefined) {
			if (isOver()) {
				return undefined;
			}
			shown = this.#read(held, row, fields);
			this.learned++;
		}
		this.#long.delete(key);
		this.#long.set(key, shown);
		for (const oldest of this.#long.keys()) {
			if (this.#long.size <= KEPT_ROWS) {
				break;
			}
			this.#long.delete(oldest);
		}
		return shown;
	}

	#read(held: HeldSegment, row: number, fields: readonly FieldPath[]): EntryRow {
		const { rows, segments, sources } = this.#state;
		const resident = segments.resident(held);
		const shown = rows.row(held, resident, row);
		if (fields.length === 0) {
			return shown;
		}
		const texts = fieldTexts(new RowEntry(rows, held, resident, row), fields, sources);
		return { ...shown, fields: texts.map((text) => (text === null ? null : previewOf(text))) };
	}

	#late(held: HeldSegment, row: number): { readonly late?: number } {
		const late = this.#state.late.of(held, row);
		return late === undefined ? {} : { late };
	}
}

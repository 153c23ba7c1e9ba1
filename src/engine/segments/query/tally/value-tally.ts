import type { FieldPath } from '#shared/query/ast.ts';
import { countedTexts } from '../../../shapes/facet.ts';
import type { QueryState } from '../query-state.ts';
import { RowEntry } from '../text/row-entry.ts';
import type { HeldSegment } from '../segment-set.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';
import type { UnitMasks } from '../plan/unit-masks.ts';
import type { ValueIds } from '../../../shapes/value-ids.ts';

/** So many entries are decoded in one go: at worst that takes some ms. */
const DECODED_ROWS = 128;

/** Which of the rows [from, to) may have the field: 1 or 0 for each. */
type FindRows = (held: HeldSegment, from: number, to: number) => Uint8Array;

/** How many rows have which value of a field that is no column: their text says so. */
export class ValueTally implements Tally {
	/** By the ids of values. */
	readonly counts = new Map<number, number>();
	/** Rows that have no value. */
	missing = 0;
	readonly ids: ValueIds;
	readonly #state: QueryState;
	readonly #find: FindRows;
	readonly #field: FieldPath;

	constructor(state: QueryState, find: FindRows, field: FieldPath, ids: ValueIds) {
		this.#state = state;
		this.#find = find;
		this.#field = field;
		this.ids = ids;
	}

	/** Counts by a field, whose `name` is as `fieldName` gives it. */
	static kind(
		state: QueryState,
		masks: UnitMasks,
		name: string,
		field: FieldPath,
	): TallyKind<ValueTally> {
		const having = state.searches.of({ query: `has:${name}` });
		const find: FindRows = (held, from, to) => masks.candidates(held, having, from, to);
		return {
			name: `field ${name}`,
			readsText: true,
			pieceRows: DECODED_ROWS,
			create: (_, filter) => new ValueTally(state, find, field, filter.valuesOf(name)),
		};
	}

	get bytes(): number {
		return this.counts.size * 32;
	}

	begin(): void {}

	end(): void {}

	add({ held, resident, rows, count, from, to }: FoundRows): void {
		const { rows: texts, sources } = this.#state;
		const mayHave = this.#find(held, from, to);
		for (let index = 0; index < count; index++) {
			const row = rows[index] ?? 0;
			if (mayHave[row - from] !== 1) {
				this.missing++;
				continue;
			}
			const entry = new RowEntry(texts, held, resident, row);
			const found = new Set<number>();
			for (const text of countedTexts(entry, this.#field, sources)) {
				found.add(this.ids.idOf(text));
			}
			for (const id of found) {
				this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
			}
			this.missing += found.size === 0 ? 1 : 0;
		}
	}
}

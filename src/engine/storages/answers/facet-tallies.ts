import type { FieldPath } from '#shared/query/ast.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { countedTexts } from '../../shapes/facet.ts';
import type { CountedValues } from '../../shapes/facet.ts';
import { ValueIds } from '../../shapes/value-ids.ts';
import type { QueryableEntry } from '../queryable-entry.ts';
import { STORAGE_SOURCE } from '../queryable-entry.ts';
import { BLOCK_ENTRIES } from './entry-window.ts';
import type { EntryWindow } from './entry-window.ts';
import type { PlaceRange } from './place-ranges.ts';

/** So many entries are taken apart between two looks at the clock. */
const ENTRIES_PER_LOOK = 32;

/** Columns that are counted without taking anything apart, and by all values there are. */
const COLUMNS: ReadonlyMap<string, (entry: QueryableEntry, source: string) => string> = new Map([
	['level', (entry) => entry.level],
	['logger', (entry) => entry.logger],
	['task_id', (entry) => entry.task_id ?? ''],
	['source', (_, source) => source],
]);

/** What was counted of a stretch of entries. */
interface Tally extends PlaceRange {
	readonly counts: Map<string, number>;
	missing: number;
	untold: number;
	to: number;
}

interface Field {
	readonly path: FieldPath;
	readonly column: ((entry: QueryableEntry, source: string) => string) | undefined;
	readonly ids: ValueIds;
	/** By block. */
	readonly tallies: Map<number, Tally>;
}

/** Whether a field is told by a column, so that it is counted quickly and over all entries. */
export function isCountedColumn(field: string): boolean {
	return COLUMNS.has(fieldName(fieldPath(field)));
}

/** How many of the entries that match a filter have which value of a field, counted block by block. */
export class FacetTallies {
	readonly #window: EntryWindow;
	readonly #sources: ReadonlyMap<number, string>;
	readonly #source: string;
	readonly #onLearned: () => void;
	readonly #fields = new Map<string, Field>();

	constructor(window: EntryWindow, sources: ReadonlyMap<number, string>, onLearned: () => void) {
		this.#window = window;
		this.#sources = sources;
		this.#source = sources.get(STORAGE_SOURCE) ?? String(STORAGE_SOURCE);
		this.#onLearned = onLearned;
	}

	/** Counts a range, all of it in one block, unless it `isOver` before; whether it did. */
	count(
		field: string,
		{ from, to }: PlaceRange,
		has: (place: number) => boolean,
		isOver: () => boolean,
	): boolean {
		const counted = this.#field(field);
		const block = Math.floor(from / BLOCK_ENTRIES);
		let tally = counted.tallies.get(block);
		if (tally === undefined || tally.from !== from || tally.to > to) {
			tally = { from, to: from, counts: new Map(), missing: 0, untold: 0 };
			counted.tallies.set(block, tally);
		}
		while (tally.to < to) {
			if (isOver()) {
				return false;
			}
			const end = Math.min(tally.to + ENTRIES_PER_LOOK, to);
			for (let place = tally.to; place < end; place++) {
				if (has(place)) {
					this.#add(tally, counted, this.#window.entry(place));
				}
			}
			tally.to = end;
			this.#onLearned();
		}
		return true;
	}

	/** The sum of what was counted of these ranges, each in one block. */
	sum(field: string, ranges: readonly PlaceRange[]): CountedValues {
		const { tallies } = this.#field(field);
		const values = new Map<string, number>();
		let missing = 0;
		let untold = 0;
		for (const { from } of ranges) {
			const tally = tallies.get(Math.floor(from / BLOCK_ENTRIES));
			for (const [value, count] of tally?.counts ?? []) {
				values.set(value, (values.get(value) ?? 0) + count);
			}
			missing += tally?.missing ?? 0;
			untold += tally?.untold ?? 0;
		}
		return { values, missing, untold };
	}

	forgetBefore(first: number): void {
		for (const { tallies } of this.#fields.values()) {
			for (const block of tallies.keys()) {
				if (block * BLOCK_ENTRIES < first) {
					tallies.delete(block);
				}
			}
		}
	}

	#add(tally: Tally, { column, path, ids }: Field, entry: QueryableEntry): void {
		if (column !== undefined) {
			const text = column(entry, this.#source);
			if (text === '') {
				tally.missing++;
			} else {
				tally.counts.set(text, (tally.counts.get(text) ?? 0) + 1);
			}
			return;
		}
		const found = new Set<number>();
		for (const text of countedTexts(entry, path, this.#sources)) {
			found.add(ids.idOf(text));
		}
		for (const id of found) {
			if (id === ValueIds.OTHERS) {
				tally.untold++;
			} else {
				const text = ids.text(id);
				tally.counts.set(text, (tally.counts.get(text) ?? 0) + 1);
			}
		}
		tally.missing += found.size === 0 ? 1 : 0;
	}

	#field(field: string): Field {
		const path = fieldPath(field);
		const name = fieldName(path);
		let known = this.#fields.get(name);
		if (known === undefined) {
			known = { path, column: COLUMNS.get(name), ids: new ValueIds(), tallies: new Map() };
			this.#fields.set(name, known);
		}
		return known;
	}
}

import type { FieldList, ValueList, ValuesQuery } from '#shared/model/query.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { bestValues, fieldListOf, sampledValues } from '../../shapes/field-list.ts';
import { fieldsOf } from '../../shapes/field-names.ts';
import type { NamedField } from '../../shapes/field-names.ts';
import { sampledEntry } from '../../shapes/sampled-entry.ts';
import type { EntryWindow } from './entry-window.ts';
import { isCountedColumn } from './facet-tallies.ts';
import type { KeptSearches } from './kept-search.ts';
import { blocksOf, rangeOf } from './place-ranges.ts';

/** So many of the newest entries are looked at … */
const NEWEST = 2_000;

/** … and at most so many of all others, evenly far from each other. */
const SPREAD = 1_000;

interface SampledEntry {
	readonly entry: QueryEntry;
	readonly fields: readonly NamedField[];
}

/** Says which fields the entries of a window have, and which values. */
export class WindowFields {
	/** Rises with each entry that is looked at. */
	learned = 0;
	readonly #window: EntryWindow;
	readonly #sources: ReadonlyMap<number, string>;
	readonly #searches: KeptSearches;
	/** By place. */
	#sampled = new Map<number, SampledEntry>();

	constructor(window: EntryWindow, sources: ReadonlyMap<number, string>, searches: KeptSearches) {
		this.#window = window;
		this.#sources = sources;
		this.#searches = searches;
	}

	/** The fields of a sample, those of most entries first. Asked again, it goes on looking. */
	list(isOver: () => boolean): FieldList {
		return fieldListOf(this.#sample(isOver).map(({ fields }) => fields));
	}

	/** Values of columns from all entries, of all other fields from the sample. */
	values({ field, search, limit }: ValuesQuery, isOver: () => boolean): ValueList {
		if (!isCountedColumn(field)) {
			const sample = this.#sample(isOver);
			const counts = sampledValues(sample, fieldPath(field), this.#sources);
			return { values: bestValues(counts, search, limit), rows: sample.length };
		}
		const all = this.#searches.of({});
		const parts = [...blocksOf(rangeOf(this.#window, {}))].filter(
			(part) =>
				all.look(part, isOver) && all.facets.count(field, part, (place) => all.has(place), isOver),
		);
		return { values: bestValues(all.facets.sum(field, parts).values, search, limit) };
	}

	#sample(isOver: () => boolean): readonly SampledEntry[] {
		const known = this.#sampled;
		const next = new Map<number, SampledEntry>();
		for (const place of this.#wanted()) {
			const old = known.get(place) ?? (isOver() ? undefined : this.#read(place));
			if (old !== undefined) {
				next.set(place, old);
			}
		}
		this.#sampled = next;
		return [...next.values()];
	}

	*#wanted(): Generator<number> {
		const { first, end } = this.#window;
		const newest = Math.max(end - NEWEST, first);
		for (let place = end - 1; place >= newest; place--) {
			yield place;
		}
		// The same ones for as long as their distance is.
		const distance = 2 ** Math.ceil(Math.log2(Math.max((newest - first) / SPREAD, 1)));
		for (let place = Math.ceil(first / distance) * distance; place < newest; place += distance) {
			yield place;
		}
	}

	#read(place: number): SampledEntry {
		this.learned++;
		const entry = sampledEntry(this.#window.entry(place));
		return { entry, fields: fieldsOf(entry) };
	}
}

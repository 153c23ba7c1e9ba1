import { ERROR } from '../segment/row-summary.ts';
import { levelOfText } from '../segment/dictionary.ts';
import type { Search } from './compile-search.ts';
import type { UnitCount } from './kept-counts.ts';
import { maskRows } from './match-rows.ts';
import type { QueryState } from './query-state.ts';
import { TextSearcher } from './search-text.ts';
import type { HeldSegment } from './segment-set.ts';

/** Finds which rows of a stretch match: by their columns first, then by their text. */
export class UnitMasks {
	readonly #state: QueryState;
	readonly #searcher: TextSearcher;
	/** Made anew when levels came. */
	#errorLevels = new Uint8Array(0);

	constructor(state: QueryState) {
		this.#state = state;
		this.#searcher = new TextSearcher(state.scanner, state.texts, state.rows);
	}

	/** 1 for each of the rows [from, to) that matches, else 0. */
	mask(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		const resident = this.#state.segments.resident(held);
		const mask = new Uint8Array(to - from);
		maskRows(held, resident, search, this.#state.sourceOf, from, to, mask);
		if (search.text !== undefined) {
			this.#searcher.mask(held, resident, search.text, from, to, mask);
		}
		return mask;
	}

	/** How many rows are in a mask, and how many of them are errors. */
	count(held: HeldSegment, mask: Uint8Array, from: number, to: number): UnitCount {
		const { columns } = this.#state.segments.resident(held);
		const isError = this.levelsOfErrors();
		const { level } = columns;
		let matched = 0;
		let errors = 0;
		const first = mask.indexOf(1);
		for (let at = first === -1 ? to - from : first; at < to - from; at++) {
			if (mask[at] === 1) {
				matched++;
				errors += isError[level[from + at] ?? 0] ?? 0;
			}
		}
		return { matched, errors };
	}

	/** By level id: 1 for ERROR and above. */
	levelsOfErrors(): Uint8Array {
		const { dictionary } = this.#state;
		const count = dictionary.count('level') + 1;
		if (this.#errorLevels.length !== count) {
			this.#errorLevels = Uint8Array.from({ length: count }, (_, id) =>
				id > 0 && levelOfText(dictionary.text('level', id)).severity >= ERROR ? 1 : 0,
			);
		}
		return this.#errorLevels;
	}
}

import type { Facet, FacetValue } from '#shared/model/query.ts';
import { levelOfText } from '../segment/dictionary.ts';
import type { DictionaryKind } from '../segment/dictionary.ts';
import type { FilterCounting } from './filter-counting.ts';
import { IdTally } from './id-tally.ts';
import type { QueryState } from './query-state.ts';
import { SourceTally } from './source-tally.ts';
import type { Tally, TallyKind } from './tally.ts';
import { topValues } from './top-values.ts';

/** Which of a facet's values are told. */
export interface FacetWish {
	readonly field: string;
	readonly search?: string | undefined;
	readonly limit: number;
}

/** How the values of one field are counted. */
export interface FacetCounting {
	readonly kind: TallyKind;
	/** What was counted so far. */
	told(counting: FilterCounting, wish: FacetWish): Omit<Facet, 'field' | 'complete'>;
}

const IDS = new Map<string, DictionaryKind>([
	['level', 'level'],
	['logger', 'logger'],
	['task_id', 'task'],
]);

/** Counts values of fields that are columns. */
export class FacetCountings {
	readonly #state: QueryState;
	readonly #byField = new Map<string, FacetCounting>();

	constructor(state: QueryState) {
		this.#state = state;
		for (const [field, kind] of IDS) {
			this.#byField.set(field, this.#byId(kind));
		}
		this.#byField.set('source', this.#bySource());
	}

	of(field: string): FacetCounting | undefined {
		return this.#byField.get(field);
	}

	#byId(column: DictionaryKind): FacetCounting {
		const { dictionary } = this.#state;
		const kind = IdTally.kind(column, dictionary);
		return {
			kind,
			told: (counting, wish) => {
				const counts = new Uint32Array(dictionary.count(column) + 1);
				for (const tally of talliesOf(counting, kind)) {
					tally.addTo(counts);
				}
				const named = function* (): Generator<[string, number]> {
					for (let id = 1; id < counts.length; id++) {
						const count = counts[id] ?? 0;
						if (count > 0) {
							yield [dictionary.text(column, id), count];
						}
					}
				};
				const values = column === 'level' ? byLevel(named()) : named();
				return { ...topValues(values, wish), missing: counts[0] ?? 0 };
			},
		};
	}

	#bySource(): FacetCounting {
		const kind = SourceTally.kind(this.#state.sourceOf);
		return {
			kind,
			told: (counting, wish) => {
				const counts = new Map<string, number>();
				for (const tally of talliesOf(counting, kind)) {
					for (const [source, count] of tally.counts) {
						const name = this.#state.sources.get(source) ?? String(source);
						counts.set(name, (counts.get(name) ?? 0) + count);
					}
				}
				return { ...topValues(counts, wish), missing: 0 };
			},
		};
	}
}

/** One name may stand for several orders. */
function byLevel(counted: Iterable<readonly [string, number]>): Map<FacetValue['value'], number> {
	const counts = new Map<string, number>();
	for (const [text, count] of counted) {
		const { level } = levelOfText(text);
		counts.set(level, (counts.get(level) ?? 0) + count);
	}
	return counts;
}

function* talliesOf<T extends Tally>(counting: FilterCounting, kind: TallyKind<T>): Generator<T> {
	for (const stretch of counting.stretches) {
		yield* counting.tallies(stretch, kind);
	}
}

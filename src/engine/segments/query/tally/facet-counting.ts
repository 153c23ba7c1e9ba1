import type { FieldPath } from '#shared/query/ast.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import type { CountedValues } from '../../../shapes/facet.ts';
import { levelOfText } from '../../segment/dictionary.ts';
import type { DictionaryKind } from '../../segment/dictionary.ts';
import type { FilterCounting } from '../kept/filter-counting.ts';
import { IdTally } from './id-tally.ts';
import type { QueryState } from '../query-state.ts';
import { SourceTally } from './source-tally.ts';
import type { Tally, TallyKind } from './tally.ts';
import type { UnitMasks } from '../plan/unit-masks.ts';
import { ValueIds } from '../../../shapes/value-ids.ts';
import { ValueTally } from './value-tally.ts';

/** How the values of one field are counted. */
export interface FacetCounting {
	readonly kind: TallyKind;
	/** What was counted so far. */
	counted(counting: FilterCounting): CountedValues;
}

const IDS = new Map<string, DictionaryKind>([
	['level', 'level'],
	['logger', 'logger'],
	['task_id', 'task'],
]);

/** Counts values of fields: columns by their ids, all others by reading entries. */
export class FacetCountings {
	readonly #state: QueryState;
	readonly #masks: UnitMasks;
	readonly #byField = new Map<string, FacetCounting>();

	constructor(state: QueryState, masks: UnitMasks) {
		this.#state = state;
		this.#masks = masks;
		for (const [field, kind] of IDS) {
			this.#byField.set(field, this.#byId(kind));
		}
		this.#byField.set('source', this.#bySource());
	}

	of(field: string): FacetCounting {
		const path = fieldPath(field);
		const name = fieldName(path);
		return this.#byField.get(name) ?? this.#byValue(name, path);
	}

	#byId(column: DictionaryKind): FacetCounting {
		const { dictionary } = this.#state;
		const kind = IdTally.kind(column, dictionary);
		return {
			kind,
			counted: (counting) => {
				const { settled, others } = counting.allTallies(kind);
				const totals = counting.kept.totalsOf(kind.name);
				const counts = totals.sum(settled, dictionary.count(column) + 1).slice();
				for (const tally of others) {
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
				return { values, missing: counts[0] ?? 0, untold: 0 };
			},
		};
	}

	#byValue(name: string, path: FieldPath): FacetCounting {
		const kind = ValueTally.kind(this.#state, this.#masks, name, path);
		return {
			kind,
			counted: (counting) => {
				const counts = new Map<string, number>();
				let missing = 0;
				let untold = 0;
				for (const tally of talliesOf(counting, kind)) {
					missing += tally.missing;
					for (const [id, count] of tally.counts) {
						if (id === ValueIds.OTHERS) {
							untold += count;
						} else {
							const value = tally.ids.text(id);
							counts.set(value, (counts.get(value) ?? 0) + count);
						}
					}
				}
				return { values: counts, missing, untold };
			},
		};
	}

	#bySource(): FacetCounting {
		const kind = SourceTally.kind(this.#state.sourceOf);
		return {
			kind,
			counted: (counting) => {
				const counts = new Map<string, number>();
				for (const tally of talliesOf(counting, kind)) {
					for (const [source, count] of tally.counts) {
						const name = this.#state.sources.get(source) ?? String(source);
						counts.set(name, (counts.get(name) ?? 0) + count);
					}
				}
				return { values: counts, missing: 0, untold: 0 };
			},
		};
	}
}

/** One name may stand for several orders. */
function byLevel(counted: Iterable<readonly [string, number]>): Map<string, number> {
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

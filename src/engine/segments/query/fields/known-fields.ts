import type { FieldList, ValueList, ValuesQuery } from '#shared/model/query.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { EntrySample } from './entry-sample.ts';
import type { SampledEntry } from './entry-sample.ts';
import type { FacetCountings } from '../tally/facet-counting.ts';
import { FilterCounting } from '../kept/filter-counting.ts';
import type { BeginSlice, CountingContext } from '../kept/filter-counting.ts';
import { bestValues, fieldListOf, sampledValues } from '../../../shapes/field-list.ts';

/** Says which fields stored entries have, and which values. */
export class KnownFields {
	readonly sample: EntrySample;
	readonly #context: CountingContext;
	readonly #facets: FacetCountings;
	readonly #beginSlice: BeginSlice;
	/** The values counted last: they are asked for again with each letter that is typed. */
	#counted:
		| {
				readonly field: string;
				readonly revision: number;
				readonly counts: ReadonlyMap<string, number>;
		  }
		| undefined;

	constructor(context: CountingContext, facets: FacetCountings, beginSlice: BeginSlice) {
		this.sample = new EntrySample(context.state);
		this.#context = context;
		this.#facets = facets;
		this.#beginSlice = beginSlice;
	}

	/** The fields of the sample, those of most entries first. */
	fields(): FieldList {
		const sample = this.sample.look(this.#beginSlice());
		return fieldListOf(sample.map(({ fields }) => fields));
	}

	/** Values of columns from all entries, of all other fields from the sample. */
	values({ field, search, limit }: ValuesQuery): ValueList {
		const path = fieldPath(field);
		const facet = this.#facets.of(field);
		const isOver = this.#beginSlice();
		if (facet.kind.readsText !== true) {
			const counting = new FilterCounting(this.#context, {});
			counting.run([facet.kind], isOver);
			return { values: bestValues(facet.counted(counting).values, search, limit) };
		}
		const sample = this.sample.look(isOver);
		const counts = this.#countsOf(path, sample);
		return { values: bestValues(counts, search, limit), rows: sample.length };
	}

	#countsOf(path: FieldPath, sample: readonly SampledEntry[]): ReadonlyMap<string, number> {
		const field = fieldName(path);
		const { revision } = this.sample;
		if (this.#counted?.field !== field || this.#counted.revision !== revision) {
			const { sources } = this.#context.state;
			const counts = sampledValues(sample, path, sources);
			this.#counted = { field, revision, counts };
		}
		return this.#counted.counts;
	}
}

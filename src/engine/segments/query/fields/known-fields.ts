import type {
	FacetValue,
	FieldInfo,
	FieldList,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldValues } from '#shared/query/entry-fields.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { EntrySample } from './entry-sample.ts';
import type { SampledEntry } from './entry-sample.ts';
import type { FacetCountings } from '../tally/facet-counting.ts';
import { FilterCounting } from '../kept/filter-counting.ts';
import type { BeginSlice, CountingContext } from '../kept/filter-counting.ts';
import { topValues } from '../tally/top-values.ts';

/** Nobody looks through more of them. */
const MAX_FIELDS = 1_000;

/** A longer one is not offered to be completed. */
const MAX_VALUE_LENGTH = 200;

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
		const found = new Map<string, { count: number; kinds: Map<FieldInfo['kind'], number> }>();
		for (const { fields } of sample) {
			for (const { name, kind } of fields) {
				let field = found.get(name);
				if (field === undefined) {
					field = { count: 0, kinds: new Map() };
					found.set(name, field);
				}
				field.count++;
				if (kind !== undefined) {
					field.kinds.set(kind, (field.kinds.get(kind) ?? 0) + 1);
				}
			}
		}
		const fields = [...found]
			.map(([name, { count, kinds }]): FieldInfo => {
				// An empty list is one of whatever others hold.
				const isOnly = kinds.size <= 1;
				const [most] = [...kinds]
					.filter(([kind]) => isOnly || kind !== 'object')
					.sort((a, b) => b[1] - a[1]);
				return { name, count, kind: most?.[0] ?? 'text' };
			})
			.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
		return { fields: fields.slice(0, MAX_FIELDS), rows: sample.length };
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
			const counts = new Map<string, number>();
			const { sources } = this.#context.state;
			for (const { entry, fields } of sample) {
				// Most entries lack most fields; a name with `*` or of an object is in no list.
				const values = fields.length === 0 ? [] : fieldValues(entry, path, sources);
				const texts = values
					.filter(({ kind, text }) => isValue(kind) && text.length <= MAX_VALUE_LENGTH)
					.map(({ text }) => text);
				for (const text of new Set(texts)) {
					counts.set(text, (counts.get(text) ?? 0) + 1);
				}
			}
			this.#counted = { field, revision, counts };
		}
		return this.#counted.counts;
	}
}

function isValue(kind: string): boolean {
	return kind !== 'object' && kind !== 'null';
}

/** Those that begin with a text before those that contain it, the most frequent first. */
function bestValues(
	counted: Iterable<readonly [string, number]>,
	search: string,
	limit: number,
): readonly FacetValue[] {
	const needle = search.toLowerCase();
	const all = [...counted];
	const isFirst = (value: string) => value.toLowerCase().startsWith(needle);
	const first = topValues(all, { limit, matches: isFirst }).values;
	if (first.length === limit || needle === '') {
		return first;
	}
	const matches = (value: string) => !isFirst(value) && value.toLowerCase().includes(needle);
	const rest = topValues(all, { limit: limit - first.length, matches }).values;
	return [...first, ...rest];
}

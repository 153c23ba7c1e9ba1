import type { FacetValue, FieldInfo, FieldList } from '#shared/model/query.ts';
import type { FieldPath } from '#shared/query/ast.ts';
import { fieldValues } from '#shared/query/entry-fields.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import type { NamedField } from './field-names.ts';
import { topValues } from './top-values.ts';

/** Nobody looks through more of them. */
const MAX_FIELDS = 1_000;

/** A longer one is not offered to be completed. */
const MAX_VALUE_LENGTH = 200;

/** The fields of some entries, those of most entries first. */
export function fieldListOf(sample: readonly (readonly NamedField[])[]): FieldList {
	const found = new Map<string, { count: number; kinds: Map<FieldInfo['kind'], number> }>();
	for (const fields of sample) {
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

/** How many of some entries have which value of a field, without those that nobody would type. */
export function sampledValues(
	sample: readonly { readonly entry: QueryEntry; readonly fields: readonly NamedField[] }[],
	path: FieldPath,
	sources: ReadonlyMap<number, string>,
): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
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
	return counts;
}

function isValue(kind: string): boolean {
	return kind !== 'object' && kind !== 'null';
}

/** Those that begin with a text before those that contain it, the most frequent first. */
export function bestValues(
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

import type { FieldPath, QueryNode } from '#shared/query/ast.ts';
import { severityOf } from '#shared/model/level.ts';
import { clausesOf } from '#shared/query/clauses.ts';
import type { Clause } from '#shared/query/clauses.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';
import { queryContextOf } from '#shared/query/match-filter.ts';
import { matchQuery } from '#shared/query/match-query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';

/** What a query says about the values of one field, at its top. */
export interface FacetReading {
	/** It says something, so that its values are to be counted without that. */
	readonly isSet: boolean;
	/** The values it names, as they were written. */
	readonly named: readonly string[];
	/** Whether it asks for this value, or for none such. */
	readonly markOf: (value: string) => 'chosen' | 'excluded' | undefined;
}

/** Source 0 in the entries that values are tried with. */
const SOURCE = 0;

/** Reads what a query says about a field. What it says within a longer OR is another question. */
export function readFacet(text: string, field: string): FacetReading {
	const path = fieldPath(field);
	const name = fieldName(path);
	const about = clausesOf(text).filter((clause) => clause.field === name);
	const negative = about.filter(isNegative);
	const positive = about.filter((clause) => !isNegative(clause));
	return {
		isSet: about.length > 0,
		named: [...new Set(about.flatMap(({ values = [] }) => values))],
		markOf: (value) => {
			const matches = ({ node }: Clause) => isMatch(node, path, value);
			if (!negative.every(matches)) {
				return 'excluded';
			}
			return positive.length > 0 && positive.every(matches) ? 'chosen' : undefined;
		},
	};
}

function isNegative({ negated, tests }: Clause): boolean {
	return negated || tests.every(({ kind }) => kind === 'differs');
}

function isMatch(part: QueryNode, path: FieldPath, value: string): boolean {
	const context = queryContextOf({}, new Map([[SOURCE, value]]));
	return matchQuery(part, entryWith(path, value), context);
}

/** An entry that has this value and nothing else to speak of. */
function entryWith(path: FieldPath, value: string): QueryEntry {
	const isLevel = 'column' in path && path.column === 'level';
	return {
		seq: 0,
		ts: 0,
		level: isLevel ? value : '',
		severity: isLevel ? severityOf(value) : 0,
		logger: '',
		message: '',
		source: SOURCE,
		flags: 0,
		...('column' in path
			? path.column === 'level' || path.column === 'source' || path.column === 'ts'
				? {}
				: { [path.column === 'pattern' ? 'message' : path.column]: value }
			: { extra: extraWith(path.path, value) }),
	};
}

/** JSON text of an object that has the value at this path; any element of an array is its only one. */
function extraWith(path: readonly string[], value: string): string {
	return JSON.stringify(
		path.reduceRight<unknown>((inner, key) => (key === '*' ? [inner] : { [key]: inner }), value),
	);
}

import { clausesOf } from '#shared/query/clauses.ts';
import { excludeValue, onlyValue, removeClause, withoutField } from '#shared/query/edit-query.ts';
import { fieldName, fieldPath } from '#shared/query/field-name.ts';

/**
 * The query without what it says of this value: an exclusion of it, or its part in a list of values
 * that are asked for. Where it is asked for in other words (`level:>=warning`), only it is asked for
 * afterwards, as one that was chosen among several.
 */
export function takeBack(text: string, field: string, value: string): string {
	const name = fieldName(fieldPath(field));
	const about = clausesOf(text).filter((clause) => clause.field === name);
	const named = about.filter(({ values = [] }) => values.some((other) => isSame(other, value)));
	const exclusion = named.find(({ negated }) => negated);
	if (exclusion !== undefined) {
		const others = (exclusion.values ?? []).filter((other) => !isSame(other, value));
		return others.reduce(
			(edited, other) => excludeValue(edited, field, other),
			removeClause(text, exclusion),
		);
	}
	const [chosen] = named;
	if (chosen !== undefined) {
		const isLast = (chosen.values ?? []).every((other) => isSame(other, value));
		return isLast ? removeClause(text, chosen) : excludeValue(text, field, value);
	}
	return about.some(({ negated }) => !negated)
		? onlyValue(text, field, value)
		: withoutField(text, field);
}

function isSame(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}

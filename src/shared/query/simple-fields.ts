import { clausesOf } from './clauses.ts';
import type { Clause } from './clauses.ts';
import { quoteText, quoteValue } from './clause-text.ts';
import { replaceClauses, setClause } from './edit-query.ts';
import { fieldName, fieldPath } from './field-name.ts';

/** What a form field can show of a query: one value of a field, exact or as a minimum. */
export interface SimpleValue {
	/** `:` whole value in any case, `=` exactly so, `>=` this and what is above. */
	readonly op: ':' | '=' | '>=';
	readonly value: string;
}

/**
 * The one value a query asks for in a field at its top; `undefined` if it says nothing of the field,
 * or more than a form field can show.
 */
export function valueOf(text: string, field: string): SimpleValue | undefined {
	const name = fieldName(fieldPath(field));
	const [clause, ...others] = clausesOf(text).filter((said) => said.field === name);
	if (clause === undefined || others.length > 0 || clause.negated || clause.tests.length !== 1) {
		return undefined;
	}
	const [test] = clause.tests;
	switch (test?.kind) {
		case 'is':
		case 'contains':
			return { op: ':', value: test.text };
		case 'equals':
			return { op: '=', value: test.text };
		case 'compare':
			return test.op === '>=' ? { op: '>=', value: test.text } : undefined;
		default:
			return undefined;
	}
}

/** The query with this value of a field in place of all it says of it at its top. */
export function setValue(text: string, field: string, value: SimpleValue | undefined): string {
	if (value === undefined || value.value.trim() === '') {
		return setClause(text, field, undefined);
	}
	const op = value.op === '>=' ? ':>=' : value.op;
	const clause = `${fieldName(fieldPath(field))}${op}${quoteValue(value.value.trim())}`;
	return setClause(text, field, clause);
}

/**
 * The text a query searches messages for: of its one free word or phrase. `undefined` if it has
 * none, or several.
 */
export function textOf(text: string): string | undefined {
	const [clause, ...others] = textClauses(text);
	return others.length === 0 && clause?.node.kind === 'text' && clause.node.test.kind === 'contains'
		? clause.node.test.text
		: undefined;
}

/** The query with this text to search messages for in place of its free words and phrases. */
export function setText(text: string, value: string): string {
	const clause = value.trim() === '' ? undefined : quoteText(value.trim());
	return replaceClauses(text, textClauses(text), clause);
}

function textClauses(text: string): readonly Clause[] {
	return clausesOf(text).filter(
		({ node }) => node.kind === 'text' && node.scope === 'message' && node.test.kind === 'contains',
	);
}

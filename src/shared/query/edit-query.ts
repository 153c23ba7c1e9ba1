import type { QueryPlace } from './ast.ts';
import { clauseFor, testText } from './clause-text.ts';
import { clausesOf, isBareGroup } from './clauses.ts';
import type { Clause } from './clauses.ts';
import { fieldName, fieldPath, readFieldName } from './field-name.ts';
import { parseQuery } from './parse-query.ts';
import { quote } from './quoted.ts';

/*
 * Editing a query means editing its text: all that is not meant stays as the user wrote it. A query
 * that cannot be read stays what it is searched as, one phrase.
 */

/** The query without one of its clauses (`clausesOf`), and without the AND that joined it. */
export function removeClause(text: string, place: QueryPlace): string {
	const before = text.slice(0, place.from);
	const after = text.slice(place.to);
	const joined = before.replace(/(^|[\s)])(?:AND|&&)\s*$/, '$1');
	return join(joined, joined === before ? after.replace(/^\s*(?:AND|&&)(?=[\s()]|$)/, '') : after);
}

/** The query with the opposite of one of its clauses in its place. */
export function negateClause(text: string, place: QueryPlace): string {
	const clause = clausesOf(text).find(({ from, to }) => from === place.from && to === place.to);
	if (clause === undefined) {
		return text;
	}
	const { node } = clause;
	if (node.kind === 'not') {
		const part = text.slice(node.part.from, node.part.to);
		// Without its minus the word OR is none.
		return replace(text, clause, parseQuery(part).problem === undefined ? part : quote(part));
	}
	// A word like `--verbose` is text, with one more minus, too.
	const [minus, word] = ['-', 'NOT '].map((sign) => `${sign}${grouped(clause.text)}`);
	return replace(text, clause, (parseQuery(minus ?? '').root?.kind === 'not' ? minus : word) ?? '');
}

/** The query and one more condition that has to be true as well. */
export function addClause(text: string, clause: string): string {
	const added = grouped(clause);
	const { root, problem } = parseQuery(text);
	if (root === undefined) {
		return added;
	}
	return `${problem === undefined ? grouped(text) : quote(text.trim())} ${added}`;
}

/**
 * The query with this condition in place of all that it says of a field at its top; without one,
 * that is taken away.
 */
export function setClause(text: string, field: string, clause: string | undefined): string {
	const name = fieldName(fieldPath(field));
	return replaceClauses(
		text,
		clausesOf(text).filter((said) => said.field === name),
		clause,
	);
}

/** The query without what it says of a field at its top. */
export function withoutField(text: string, field: string): string {
	return setClause(text, field, undefined);
}

/** Only entries whose field has this value. */
export function onlyValue(text: string, field: string, value: string): string {
	return setClause(text, field, clauseFor(field, value));
}

/** No entries whose field has this value: it is taken out of those asked for, or excluded. */
export function excludeValue(text: string, field: string, value: string): string {
	const asked = saysOf(text, field, false).filter((clause) => names(clause, value));
	const without = dropValue(text, asked, value);
	const isExcluded =
		saysOf(without, field, true).some((clause) => names(clause, value)) ||
		(asked.length > 0 && saysOf(without, field, false).some((clause) => clause.values));
	return isExcluded ? without : addClause(without, clauseFor(field, value, { negated: true }));
}

/** Entries whose field has this value too: beside those asked for, and no longer excluded. */
export function includeValue(text: string, field: string, value: string): string {
	const excluded = saysOf(text, field, true).filter((clause) => names(clause, value));
	const without = dropValue(text, excluded, value);
	const asked = saysOf(without, field, false);
	if (asked.length === 0) {
		return excluded.length > 0 ? without : addClause(without, clauseFor(field, value));
	}
	let result = without;
	for (const clause of asked.toReversed()) {
		if (!names(clause, value)) {
			const texts = [...clause.tests.map(testText), testText({ kind: 'is', text: value })];
			result = replace(result, clause, rewritten(result, clause, texts));
		}
	}
	return result;
}

/** Puts a clause where the first of these stands, and takes the others away. */
export function replaceClauses(
	text: string,
	clauses: readonly Clause[],
	clause: string | undefined,
): string {
	const [first, ...others] = clauses;
	if (first === undefined) {
		return clause === undefined ? text : addClause(text, clause);
	}
	// From the end, so that the places before stay true.
	const rest = others.toReversed().reduce(removeClause, text);
	return clause === undefined ? removeClause(rest, first) : replace(rest, first, grouped(clause));
}

/** What a query says of a field at its top: that it has, or has not, one of some values. */
function saysOf(text: string, field: string, negated: boolean): readonly Clause[] {
	const name = fieldName(fieldPath(field));
	return clausesOf(text).filter((clause) => clause.field === name && clause.negated === negated);
}

function names(clause: Clause, value: string): boolean {
	return clause.tests.some(
		(test) =>
			(test.kind === 'is' || test.kind === 'equals' || test.kind === 'contains') &&
			test.text.toLowerCase() === value.toLowerCase(),
	);
}

function dropValue(text: string, clauses: readonly Clause[], value: string): string {
	return clauses.toReversed().reduce((result, clause) => {
		const texts = clause.tests
			.filter((test) => !('text' in test) || test.text.toLowerCase() !== value.toLowerCase())
			.map(testText);
		return texts.length === 0
			? removeClause(result, clause)
			: replace(result, clause, rewritten(result, clause, texts));
	}, text);
}

/** A clause with these values instead, under the name the user gave the field. */
function rewritten(text: string, clause: Clause, values: readonly string[]): string {
	const sign = clause.negated ? '-' : '';
	const at = clause.from + (/^[-!]/.test(clause.text) ? 1 : 0);
	const written = readFieldName(text, at);
	const name =
		written !== undefined && /^[:=!<>]/.test(text.slice(written.to))
			? text.slice(at, written.to)
			: (clause.field ?? '');
	return `${sign}${name}:${values.length === 1 ? values.join('') : inParentheses(values.join(' OR '))}`;
}

/** In parentheses if it is several joined by OR, which AND would tear apart. */
function grouped(clause: string): string {
	const { root } = parseQuery(clause);
	return root !== undefined && isBareGroup(root, 'or')
		? inParentheses(clause.trim())
		: clause.trim();
}

/** A last word like `f(x` would take the closing parenthesis for its own. */
function inParentheses(text: string): string {
	const last = /\S*$/.exec(text)?.[0] ?? '';
	const isOpen = last.split('(').length > last.split(')').length;
	return `(${text}${isOpen ? ' ' : ''})`;
}

function replace(text: string, place: QueryPlace, by: string): string {
	return join(join(text.slice(0, place.from), by), text.slice(place.to));
}

function join(before: string, after: string): string {
	return `${before.trimEnd()} ${after.trimStart()}`.trim();
}

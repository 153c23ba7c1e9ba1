import type { QueryNode } from '#shared/query/ast.ts';
import { readFieldName } from '#shared/query/field-name.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { nodesOf } from './query-clauses.ts';

/** What a stretch of a query is, for its colour. */
export type QueryPartKind = 'field' | 'operator' | 'value' | 'text' | 'problem';

export interface QueryPart {
	readonly kind: QueryPartKind;
	readonly text: string;
}

/** Words and signs that join conditions, and names before a group: `logger:(a OR b)`. */
const BETWEEN = /\b(?:AND|OR|NOT)\b|&&|\|\||[()!-]|[:=]/g;

const SIGNS = /[:=!<>]+/y;

/**
 * Cuts a query into coloured stretches; together they are the text. Of one that cannot be read, what
 * stands before the place of the problem is coloured as far as it can be read alone.
 */
export function queryParts(text: string): readonly QueryPart[] {
	const { root, problem } = parseQuery(text);
	if (problem === undefined) {
		return merged(coloured(text, root));
	}
	const before = text.slice(0, problem.from);
	const start = parseQuery(before);
	return merged([
		...(start.problem === undefined ? coloured(before, start.root) : [part('text', before)]),
		part('problem', text.slice(problem.from, problem.to)),
		part('text', text.slice(problem.to)),
	]);
}

function coloured(text: string, root: QueryNode | undefined): readonly QueryPart[] {
	const leaves = [...nodesOf(root)]
		.filter(({ kind }) => kind === 'field' || kind === 'is' || kind === 'text')
		.sort((a, b) => a.from - b.from);
	const parts: QueryPart[] = [];
	let at = 0;
	for (const leaf of leaves) {
		parts.push(...between(text.slice(at, leaf.from)), ...leafParts(text, leaf));
		at = leaf.to;
	}
	return [...parts, ...between(text.slice(at))];
}

/** A condition: the name of its field, signs, and what it has to be. */
function leafParts(text: string, leaf: QueryNode): readonly QueryPart[] {
	const written = text.slice(leaf.from, leaf.to);
	if (leaf.kind === 'text') {
		return [part(/^["/]/.test(written) ? 'value' : 'text', written)];
	}
	const nameEnd = readFieldName(text, leaf.from)?.to ?? leaf.from;
	SIGNS.lastIndex = nameEnd;
	const signs = SIGNS.exec(text)?.[0] ?? '';
	if (signs === '' || nameEnd >= leaf.to) {
		return [part('value', written)];
	}
	const from = nameEnd + signs.length;
	return [
		part('field', text.slice(leaf.from, nameEnd)),
		part('operator', signs),
		part('value', text.slice(from, leaf.to)),
	];
}

/** What stands between conditions: operators, parentheses, and the field of a group. */
function between(text: string): readonly QueryPart[] {
	const parts: QueryPart[] = [];
	let at = 0;
	for (const { 0: found, index } of text.matchAll(BETWEEN)) {
		const before = text.slice(at, index);
		parts.push(part(/^[:=]$/.test(found) ? 'field' : 'text', before), part('operator', found));
		at = index + found.length;
	}
	return [...parts, part('text', text.slice(at))];
}

function part(kind: QueryPartKind, text: string): QueryPart {
	return { kind, text };
}

function merged(parts: readonly QueryPart[]): readonly QueryPart[] {
	const result: QueryPart[] = [];
	for (const next of parts) {
		const last = result.at(-1);
		if (next.text === '') {
			continue;
		}
		if (last?.kind === next.kind) {
			result[result.length - 1] = part(last.kind, last.text + next.text);
		} else {
			result.push(next);
		}
	}
	return result;
}

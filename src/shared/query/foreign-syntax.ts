import type { QueryNode, QueryProblem } from './ast.ts';
import { fromKql } from './operator-words.ts';

/** An operator that stands alone, as Kibana allows it between a field and its value. */
const OPERATOR = /^(?:>=|<=|[:><])$/;

/** How Lucene asks for entries that have a field. */
const EXISTS = /^_exists_:(?=\S)/;

/**
 * What to tell about what other languages write and ours reads as words to look for: a pipe, an
 * operator with space around it, `_exists_:field`. `undefined` if there is none of it.
 */
export function foreignHint(text: string, root: QueryNode): QueryProblem | undefined {
	for (const { from, to } of partsOf(root)) {
		const word = text.slice(from, to);
		const found =
			word === '|'
				? {
						message:
							'"|" is looked for as text: a query only selects. Facets and histogram count what it finds.',
						suggestion: text.slice(0, from).trim(),
					}
				: OPERATOR.test(word)
					? {
							message: `"${word}" is looked for as text: a field and its value are written together.`,
							suggestion: fromKql(text),
						}
					: EXISTS.test(word)
						? {
								message:
									'_exists_ is taken for a field: entries that have one are asked for by field:*.',
								suggestion: `${text.slice(0, from)}${word.replace(EXISTS, '')}:*${text.slice(to)}`,
							}
						: undefined;
		if (found !== undefined) {
			const { message, suggestion } = found;
			const isOther = suggestion !== '' && suggestion !== text;
			return { from, to, message, ...(isOther ? { suggestion } : {}) };
		}
	}
	return undefined;
}

/** What a query is made of, in its order. */
function partsOf(node: QueryNode): readonly QueryNode[] {
	switch (node.kind) {
		case 'and':
		case 'or':
			return node.parts.flatMap(partsOf);
		case 'not':
			return partsOf(node.part);
		default:
			return [node];
	}
}

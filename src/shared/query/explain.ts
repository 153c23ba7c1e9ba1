import type { QueryContext, QueryNode, QueryPlace } from './ast.ts';
import type { QueryEntry } from './entry-fields.ts';
import { isBareGroup } from './clauses.ts';
import { matchQuery } from './match-query.ts';
import { parseQuery } from './parse-query.ts';

/** A condition of a query, and whether it is true of an entry. */
export interface Explanation extends QueryPlace {
	/** As the user wrote it. */
	readonly text: string;
	readonly matches: boolean;
	/** How its parts are joined; `undefined` for a condition that has none. */
	readonly joined: 'and' | 'or' | undefined;
	readonly parts: readonly Explanation[];
}

/**
 * Why an entry is in a result or not: the conditions that a query joins by AND at its top, which
 * all have to be true, with the parts of those that are groups. None if everything matches.
 */
export function explainQuery(
	text: string,
	entry: QueryEntry,
	context: QueryContext,
): readonly Explanation[] {
	const { root } = parseQuery(text);
	if (root === undefined) {
		return [];
	}
	const nodes = isBareGroup(root, 'and') ? root.parts : [root];
	return nodes.map((node) => explain(text, node, entry, context));
}

function explain(
	text: string,
	node: QueryNode,
	entry: QueryEntry,
	context: QueryContext,
): Explanation {
	const isGroup = node.kind === 'and' || node.kind === 'or';
	return {
		from: node.from,
		to: node.to,
		text: text.slice(node.from, node.to),
		matches: matchQuery(node, entry, context),
		joined: isGroup ? node.kind : undefined,
		parts: isGroup ? node.parts.map((part) => explain(text, part, entry, context)) : [],
	};
}

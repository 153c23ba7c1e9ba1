import type { QueryNode } from '#shared/query/ast.ts';
import { topParts } from '../../lib/query-clauses.ts';
import type { QueryState } from './query-state.svelte.ts';

/** The part of a query that leaves repeats out. */
export function withoutRepeats(root: QueryNode | undefined): QueryNode | undefined {
	return topParts(root).find(
		(node) => node.kind === 'not' && node.part.kind === 'is' && node.part.state === 'repeat',
	);
}

/** Leaves out what repeats the entry before it in its log; called again, shows it. */
export function toggleRepeats(query: QueryState): void {
	query.applyNow();
	const part = withoutRepeats(query.parsed.root);
	if (part === undefined) {
		query.addClause('-is:repeat');
	} else {
		query.removeClause(part);
	}
}

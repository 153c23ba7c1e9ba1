import type { QueryNode, QueryPlace } from '#shared/query/ast.ts';
import { fieldName } from '#shared/query/field-name.ts';
import { asksFor, saidOf, topParts } from '../../lib/query-clauses.ts';
import type { QueryState } from './query-state.svelte.ts';

/** A condition that was set by clicking. */
export interface QueryChip {
	/** As it stands in the query, and where. */
	readonly text: string;
	readonly place: QueryPlace;
	/** What it is called. */
	readonly name: string;
	/** What it means: a sentence. */
	readonly meaning: string;
	readonly isNegated: boolean;
}

/** The chips of a query, in its order. What the fields for level and task show has none. */
export function queryChips({ text, parsed, clicked }: QueryState): readonly QueryChip[] {
	if (parsed.problem !== undefined) {
		return [];
	}
	const { root } = parsed;
	return topParts(root)
		.filter((node) => clicked.has(text.slice(node.from, node.to)) && !hasField(root, node))
		.map((node) => {
			const written = text.slice(node.from, node.to);
			const isNegated = node.kind === 'not';
			return { text: written, place: node, isNegated, ...named(node, written) };
		});
}

/** One of the fields beside the query bar shows it. */
function hasField(root: QueryNode | undefined, node: QueryNode): boolean {
	if (node.kind !== 'field') {
		return false;
	}
	const name = fieldName(node.field);
	return (name === 'level' || name === 'task_id') && saidOf(root, name).kind === 'one';
}

function named(node: QueryNode, written: string): Pick<QueryChip, 'name' | 'meaning'> {
	if (node.kind === 'is' && node.state === 'quarantined') {
		return { name: 'Quarantined', meaning: 'Only lines that could not be read as they should' };
	}
	if (node.kind === 'not' && node.part.kind === 'is' && node.part.state === 'repeat') {
		return {
			name: 'Repeats collapsed',
			meaning: 'An entry that says what its log said before it is left out: ×38 counts them',
		};
	}
	if (node.kind === 'field' && fieldName(node.field) === 'source') {
		const { test } = node;
		const value = 'text' in test && asksFor(test, test.text) ? test.text : written;
		return { name: `Source: ${value}`, meaning: 'Only entries of this source' };
	}
	if (node.kind === 'not' && node.part.kind === 'field') {
		const field = fieldName(node.part.field);
		return {
			name: written,
			meaning: `Not ${written.slice(1)}; entries without ${field} are shown`,
		};
	}
	return { name: written, meaning: `Only entries with ${written}` };
}

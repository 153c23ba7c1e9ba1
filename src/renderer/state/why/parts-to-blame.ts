import type { QueryNode } from '#shared/query/ast.ts';
import { removeClause } from '#shared/query/edit-query.ts';
import { fieldName } from '#shared/query/field-name.ts';
import { topParts } from '../../lib/query-clauses.ts';
import type { Asked, QueryState } from '../query/query-state.svelte.ts';

/** One condition of what is asked for, as it is named where nothing matches. */
export interface PartToBlame {
	readonly key: string;
	readonly label: string;
	readonly value: string;
	/** What has to be asked to be without it. */
	readonly without: Partial<Asked>;
}

const LABELS: Readonly<Record<string, string>> = {
	level: 'Level',
	task_id: 'Task ID',
	source: 'Source',
};

/** The conditions there are, in the order of the query; those of arrival and time come last. */
export function partsToBlame({ text, parsed, range, after }: QueryState): readonly PartToBlame[] {
	const ofQuery = topParts(parsed.root).map((node) => {
		const written = parsed.problem === undefined ? text.slice(node.from, node.to) : text.trim();
		return {
			key: `${node.from}`,
			...named(node, written),
			without: { text: parsed.problem === undefined ? removeClause(text, node) : '' },
		};
	});
	const parts: PartToBlame[] = [...ofQuery];
	if (after !== undefined) {
		const value = 'what came since';
		parts.push({ key: 'after', label: 'Only', value, without: { after: undefined } });
	}
	if (range.kind !== 'all') {
		const all: Asked['range'] = { kind: 'all' };
		parts.push({ key: 'range', label: 'Time range', value: '', without: { range: all } });
	}
	return parts;
}

function named(
	node: QueryNode,
	written: string,
): { readonly label: string; readonly value: string } {
	if (node.kind === 'text' && node.test.kind === 'contains') {
		return { label: 'Search', value: node.test.text };
	}
	if (node.kind === 'is' && node.state === 'quarantined') {
		return { label: 'Quarantined', value: 'only' };
	}
	const label = node.kind === 'field' ? LABELS[fieldName(node.field)] : undefined;
	if (node.kind !== 'field' || label === undefined) {
		return { label: written, value: '' };
	}
	const { test } = node;
	if (test.kind === 'is' || test.kind === 'equals') {
		return { label, value: test.text };
	}
	return test.kind === 'compare' && test.op === '>='
		? { label, value: `${test.text} and above` }
		: { label, value: written };
}

import type { Filter } from '#shared/model/query.ts';
import type { QueryNode } from '#shared/query/ast.ts';
import { topParts } from './query-clauses.ts';

/** The filter of a query that asks for nothing but what a filter has fields for. */
export function plainFilter(
	root: QueryNode | undefined,
	sources: ReadonlyMap<number, string>,
): Filter | undefined {
	const filter: Record<string, unknown> = {};
	for (const node of topParts(root)) {
		const [key, value] = fieldOf(node, sources) ?? [];
		if (key === undefined || key in filter) {
			return undefined;
		}
		filter[key] = value;
	}
	return filter as Filter;
}

function fieldOf(
	node: QueryNode,
	sources: ReadonlyMap<number, string>,
): readonly [keyof Filter, unknown] | undefined {
	if (node.kind === 'text') {
		const { scope, test } = node;
		return scope === 'message' && test.kind === 'contains' ? ['q', test.text] : undefined;
	}
	if (node.kind === 'is') {
		return node.state === 'quarantined' ? ['quarantined', true] : undefined;
	}
	if (node.kind !== 'field' || !('column' in node.field)) {
		return undefined;
	}
	const { field, test } = node;
	if (field.column === 'level' && (test.kind === 'is' || test.kind === 'compare')) {
		return test.kind === 'is'
			? ['level', test.text]
			: test.op === '>='
				? ['min_level', test.text]
				: undefined;
	}
	if (field.column === 'task_id' && (test.kind === 'equals' || test.kind === 'is')) {
		return ['task_id', test.text];
	}
	if (field.column === 'source' && (test.kind === 'equals' || test.kind === 'is')) {
		const id = [...sources].find(([, name]) => name === test.text)?.[0];
		return id === undefined ? undefined : ['source', id];
	}
	return undefined;
}

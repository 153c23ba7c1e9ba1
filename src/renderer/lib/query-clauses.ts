import type { EntryState, QueryNode, ValueTest } from '#shared/query/ast.ts';
import { isBareGroup } from '#shared/query/clauses.ts';
import { fieldName } from '#shared/query/field-name.ts';

/** The parts of a query that are joined by AND at its top. */
export function topParts(root: QueryNode | undefined): readonly QueryNode[] {
	if (root === undefined) {
		return [];
	}
	return isBareGroup(root, 'and') ? root.parts : [root];
}

/** The node and all that are inside of it, outer ones first. */
export function* nodesOf(node: QueryNode | undefined): Generator<QueryNode> {
	if (node === undefined) {
		return;
	}
	yield node;
	if (node.kind === 'and' || node.kind === 'or') {
		for (const part of node.parts) {
			yield* nodesOf(part);
		}
	} else if (node.kind === 'not') {
		yield* nodesOf(node.part);
	}
}

/** What a query says about one field, as a control with room for one answer can show it. */
export type Said<Value> =
	| { readonly kind: 'nothing' }
	| { readonly kind: 'one'; readonly value: Value }
	/** More than one thing, or something the control has no word for. */
	| { readonly kind: 'several' };

/** What is said about a field: one test at the top of the query, or more than that. */
export function saidOf(root: QueryNode | undefined, field: string): Said<ValueTest> {
	const all = [...nodesOf(root)].filter(
		(node) => node.kind === 'field' && fieldName(node.field) === field,
	);
	if (all.length === 0) {
		return { kind: 'nothing' };
	}
	const [only] = all;
	return all.length === 1 && only?.kind === 'field' && topParts(root).includes(only)
		? { kind: 'one', value: only.test }
		: { kind: 'several' };
}

/** What is said about the message without naming it: the words searched for. */
export function textOf(root: QueryNode | undefined): Said<string> {
	const all = [...nodesOf(root)].filter((node) => node.kind === 'text');
	const [only] = all;
	if (only === undefined) {
		return { kind: 'nothing' };
	}
	const isPlain = only.scope === 'message' && only.test.kind === 'contains';
	return all.length === 1 && isPlain && topParts(root).includes(only)
		? { kind: 'one', value: only.test.kind === 'contains' ? only.test.text : '' }
		: { kind: 'several' };
}

/** The part at the top of a query that asks for entries of a state, `is:quarantined`. */
export function statePart(root: QueryNode | undefined, state: EntryState): QueryNode | undefined {
	return topParts(root).find((node) => node.kind === 'is' && node.state === state);
}

/** Whether a test asks for this value and nothing else. */
export function asksFor(test: ValueTest, value: string): boolean {
	return (
		(test.kind === 'is' || test.kind === 'equals') &&
		test.text.toLowerCase() === value.toLowerCase()
	);
}

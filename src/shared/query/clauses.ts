import type { FieldNode, QueryNode, QueryPlace, ValueTest } from './ast.ts';
import { fieldName, isSameField } from './field-name.ts';
import { parseQuery } from './parse-query.ts';

/** One of the conditions a query joins by AND at its top, or all of it. */
export interface Clause extends QueryPlace {
	/** As the user wrote it. */
	readonly text: string;
	readonly node: QueryNode;
	/** It begins with `-`, `!` or NOT. */
	readonly negated: boolean;
	/** The field's name if it says something of one field only; free text has none. */
	readonly field?: string;
	/** What it says of the field; if it is not negated, one of these has to be true. */
	readonly tests: readonly ValueTest[];
	/** The values, if it names nothing else: `level:(ERROR OR CRITICAL)`. */
	readonly values?: readonly string[];
}

/**
 * The conditions of a query, in the order they stand in. A query that cannot be read is one of
 * free text, and a blank one has none.
 */
export function clausesOf(text: string): readonly Clause[] {
	const { root } = parseQuery(text);
	if (root === undefined) {
		return [];
	}
	return isBareGroup(root, 'and')
		? root.parts.map((part) => clauseOf(text, part))
		: [clauseOf(text, root)];
}

/** Parts joined by AND or OR with no parentheses around them. */
export function isBareGroup(
	node: QueryNode,
	kind: 'and' | 'or',
): node is Extract<QueryNode, { kind: 'and' | 'or' }> {
	return node.kind === kind && node.parts[0]?.from === node.from;
}

function clauseOf(text: string, node: QueryNode): Clause {
	const negated = node.kind === 'not';
	const leaves = fieldLeaves(negated ? node.part : node);
	const tests = leaves.map((leaf) => leaf.test);
	const values = tests.flatMap((test) =>
		test.kind === 'is' || test.kind === 'equals' || test.kind === 'contains' ? [test.text] : [],
	);
	const [first] = leaves;
	return {
		from: node.from,
		to: node.to,
		text: text.slice(node.from, node.to),
		node,
		negated,
		...(first === undefined ? {} : { field: fieldName(first.field) }),
		tests,
		...(values.length > 0 && values.length === tests.length ? { values } : {}),
	};
}

/** The tests of one and the same field, of which one has to be true; empty if it is not that. */
function fieldLeaves(node: QueryNode): readonly FieldNode[] {
	if (node.kind === 'field') {
		return [node];
	}
	if (node.kind !== 'or') {
		return [];
	}
	const leaves = node.parts.map(fieldLeaves);
	const [first] = leaves[0] ?? [];
	const all = leaves.flat();
	return first !== undefined &&
		leaves.every((part) => part.length > 0) &&
		all.every((leaf) => isSameField(leaf.field, first.field))
		? all
		: [];
}

import type { QueryNode, TextTest } from './ast.ts';
import { compileHits } from './text-test.ts';
import type { TextHit } from './text-test.ts';

/** Where a query finds what it looks for in a message: in order, without overlaps. */
export function findHits(root: QueryNode | undefined, message: string): readonly TextHit[] {
	return compileHighlights(root)(message);
}

/**
 * `findHits` for many messages. Only what has to be there is told: nothing that stands under a NOT,
 * and no condition on another field.
 */
export function compileHighlights(
	root: QueryNode | undefined,
): (message: string) => readonly TextHit[] {
	const finders = messageTests(root).map(compileHits);
	return (message) => joined(finders.flatMap((find) => find(message)));
}

function messageTests(node: QueryNode | undefined): readonly TextTest[] {
	switch (node?.kind) {
		case 'and':
		case 'or':
			return node.parts.flatMap(messageTests);
		case 'text':
			return [node.test];
		case 'field': {
			const { test } = node;
			if (!('column' in node.field) || node.field.column !== 'message') {
				return [];
			}
			if (test.kind === 'equals') {
				return [{ kind: 'contains', text: test.text }];
			}
			return test.kind === 'contains' || test.kind === 'glob' || test.kind === 'regex'
				? [test]
				: [];
		}
		default:
			return [];
	}
}

/** Hits in order, those that touch or overlap being one. */
function joined(hits: readonly TextHit[]): readonly TextHit[] {
	const result: TextHit[] = [];
	for (const hit of hits.toSorted((one, other) => one.from - other.from)) {
		const last = result.at(-1);
		if (last !== undefined && hit.from <= last.to) {
			result[result.length - 1] = { from: last.from, to: Math.max(last.to, hit.to) };
		} else {
			result.push(hit);
		}
	}
	return result;
}

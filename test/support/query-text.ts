import type { FieldPath, QueryNode, ValueTest } from '#shared/query/ast.ts';

/** A query's tree in one line, without places: `and(text:contains(a), not(level:is(ERROR)))`. */
export function describeNode(node: QueryNode | undefined): string {
	switch (node?.kind) {
		case undefined:
			return 'everything';
		case 'and':
		case 'or':
			return `${node.kind}(${node.parts.map(describeNode).join(', ')})`;
		case 'not':
			return `not(${describeNode(node.part)})`;
		case 'is':
			return `is(${node.state})`;
		case 'text':
			return `${node.scope === 'all' ? 'all' : 'text'}:${describeTest(node.test)}`;
		case 'field':
			return `${describeField(node.field)}:${describeTest(node.test)}`;
	}
}

function describeField(field: FieldPath): string {
	return 'column' in field ? field.column : `[${field.path.join('|')}]`;
}

function describeTest(test: ValueTest): string {
	switch (test.kind) {
		case 'glob':
			return `glob(${test.pattern})`;
		case 'regex':
			return `/${test.source}/${test.ignoreCase ? 'i' : ''}`;
		case 'exists':
		case 'null':
			return test.kind;
		case 'compare':
			return `${test.op}(${test.text})`;
		case 'range': {
			const ends = `${test.low ?? '*'} TO ${test.high ?? '*'}`;
			return test.withEnds ? `[${ends}]` : `{${ends}}`;
		}
		default:
			return `${test.kind}(${test.text})`;
	}
}

import type { FieldNode, FieldPath, QueryNode, QueryProblem, ValueTest } from './ast.ts';
import { compareDecimals } from './decimal.ts';
import { fieldName, readFieldName } from './field-name.ts';
import { severityIn } from './level-test.ts';
import { readQuantity } from './quantity.ts';
import { quote } from './quoted.ts';
import { readTime } from './time-text.ts';
import { UTC } from './zone-offset.ts';

const ANY_TIME = { at: 0, zone: UTC };

/** What to tell about a range that ends before it begins; `undefined` if there is none. */
export function rangeHint(text: string, root: QueryNode): QueryProblem | undefined {
	for (const node of fieldsOf(root)) {
		const { test, from, to } = node;
		if (test.kind === 'range' && isReversed(test, node.field)) {
			const ends = [test.high, test.low].map(endText).join(' TO ');
			const swapped = test.withEnds ? `[${ends}]` : `{${ends}}`;
			const name = readFieldName(text, from);
			const isNamed = name !== undefined && name.to < to && /^[:=]/.test(text.slice(name.to));
			const clause = isNamed ? `${fieldName(node.field)}:${swapped}` : swapped;
			return {
				from,
				to,
				message: 'This range ends before it begins: nothing is in it.',
				suggestion: text.slice(0, from) + clause + text.slice(to),
			};
		}
	}
	return undefined;
}

/** An end as it stands in a query. */
function endText(end = '*'): string {
	return /^[\w.:+-]+$/.test(end) ? end : quote(end);
}

function isReversed(
	{ low, high }: Extract<ValueTest, { kind: 'range' }>,
	field: FieldPath,
): boolean {
	if (low === undefined || high === undefined) {
		return false;
	}
	if ('column' in field && field.column === 'level') {
		return severityIn(low) > severityIn(high);
	}
	const [least, most] = [readQuantity(low), readQuantity(high)];
	if (least !== undefined && most !== undefined) {
		return least.of === most.of && compareDecimals(least.value, most.value) > 0;
	}
	const [begin, end] = [readTime(low, ANY_TIME), readTime(high, ANY_TIME)];
	return (
		begin !== undefined &&
		end !== undefined &&
		begin.relative === end.relative &&
		begin.from > end.to
	);
}

function fieldsOf(node: QueryNode): readonly FieldNode[] {
	switch (node.kind) {
		case 'and':
		case 'or':
			return node.parts.flatMap(fieldsOf);
		case 'not':
			return fieldsOf(node.part);
		case 'field':
			return [node];
		default:
			return [];
	}
}

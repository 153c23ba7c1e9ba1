import type { ValueTest } from './ast.ts';
import { compareDecimals, readDecimal } from './decimal.ts';
import type { FieldValue } from './entry-fields.ts';
import { asQuantity, readQuantity } from './quantity.ts';
import { compileText } from './text-test.ts';
import { momentOf, timeBoundsOf } from './time-test.ts';
import { readTime } from './time-text.ts';
import type { TimeContext } from './time-text.ts';

/** The tests that look at one value after the other. */
export type SingleTest = Exclude<ValueTest, { kind: 'exists' | 'null' | 'differs' }>;

type ValuePredicate = (value: FieldValue) => boolean;
type CompareOperator = '<' | '<=' | '>' | '>=';

/**
 * A test of one value that is no object, ready to be used many times. `name` is the field's last
 * key: it can tell the unit of plain numbers.
 */
export function compileValue(test: SingleTest, name: string, context: TimeContext): ValuePredicate {
	switch (test.kind) {
		case 'is':
			return compileIs(test.text, context);
		case 'equals':
			return (value) => value.text === test.text;
		case 'compare':
			return compileCompare(test.op, test.text, name, context);
		case 'range': {
			const { low, high, withEnds } = test;
			const above =
				low === undefined ? always : compileCompare(withEnds ? '>=' : '>', low, name, context);
			const below =
				high === undefined ? always : compileCompare(withEnds ? '<=' : '<', high, name, context);
			return (value) => above(value) && below(value);
		}
		default: {
			const matches = compileText(test, true);
			return (value) => matches(value.text);
		}
	}
}

function always(): boolean {
	return true;
}

/** The whole value in any case, a number by its value, a time within the span that is named. */
function compileIs(text: string, context: TimeContext): ValuePredicate {
	const wanted = text.toLowerCase();
	const number = readDecimal(text);
	const span = number === undefined ? readTime(text, context) : undefined;
	return (value) => {
		if (value.text.toLowerCase() === wanted) {
			return true;
		}
		if (number !== undefined) {
			const other = value.kind === 'number' ? readDecimal(value.text) : undefined;
			return other !== undefined && compareDecimals(other, number) === 0;
		}
		if (span === undefined || span.relative) {
			return false;
		}
		const moment = momentOf(value.text, context);
		return moment !== undefined && moment >= span.from && moment <= span.to;
	};
}

/**
 * Numbers with numbers, durations and sizes by what they are, times with times, and what is none of
 * these by the order of its letters. What cannot be compared is not true.
 */
function compileCompare(
	op: CompareOperator,
	text: string,
	name: string,
	context: TimeContext,
): ValuePredicate {
	const quantity = readQuantity(text);
	const bounds = timeBoundsOf({ kind: 'compare', op, text }, context);
	if (quantity === undefined && bounds === undefined) {
		const lower = text.toLowerCase();
		return (value) =>
			value.kind === 'text' && holds(op, compareTexts(value.text.toLowerCase(), lower));
	}
	return (value) => {
		const other = quantity && readQuantity(value.text);
		if (quantity !== undefined && other !== undefined) {
			const of = quantity.of === 'number' ? other.of : quantity.of;
			const [left, right] = [asQuantity(other, of, name), asQuantity(quantity, of, name)];
			return left.of === right.of && holds(op, compareDecimals(left.value, right.value));
		}
		const moment = bounds && momentOf(value.text, context);
		return (
			bounds !== undefined && moment !== undefined && moment >= bounds.from && moment <= bounds.to
		);
	};
}

function holds(op: CompareOperator, order: number): boolean {
	switch (op) {
		case '<':
			return order < 0;
		case '<=':
			return order <= 0;
		case '>':
			return order > 0;
		case '>=':
			return order >= 0;
	}
}

/** By UTF-16 units, as JavaScript orders text. */
function compareTexts(one: string, other: string): number {
	return one < other ? -1 : one > other ? 1 : 0;
}

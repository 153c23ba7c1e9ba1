import type { ValueTest } from './ast.ts';
import { fieldName, fieldPath } from './field-name.ts';
import { parseQuery } from './parse-query.ts';
import { quote } from './quoted.ts';

/** A value that needs no quotes wherever a value can stand. */
const PLAIN_VALUE = /^[\p{L}\p{N}_@#][\p{L}\p{N}_.\-@/:+%#~]*$/u;
const WORDS = new Set(['AND', 'OR', 'NOT', 'TO', 'null']);

/** A value as it stands in a query: in quotes if it has to be. */
export function quoteValue(value: string): string {
	return PLAIN_VALUE.test(value) && !WORDS.has(value) && !value.includes('..')
		? value
		: quote(value);
}

/** Free text as it stands in a query: one word as it is if it means itself, otherwise a phrase. */
export function quoteText(text: string): string {
	const { root, problem } = parseQuery(text);
	const isItself =
		problem === undefined &&
		root?.kind === 'text' &&
		root.scope === 'message' &&
		root.test.kind === 'contains' &&
		root.test.text === text;
	return isItself ? text : quote(text);
}

/** The condition that a field has this value, or has not: `task_id:daily`, `-user.name:"Ann B"`. */
export function clauseFor(
	field: string,
	value: string,
	options: { readonly negated?: boolean } = {},
): string {
	const name = fieldName(fieldPath(field));
	return `${options.negated === true ? '-' : ''}${name}:${quoteValue(value)}`;
}

/** What stands after `field:` for a test. */
export function testText(test: ValueTest): string {
	switch (test.kind) {
		case 'is':
		case 'contains':
			return quoteValue(test.text);
		case 'equals':
			return `=${quoteValue(test.text)}`;
		case 'differs':
			return `!=${quoteValue(test.text)}`;
		case 'compare':
			return `${test.op}${quoteValue(test.text)}`;
		case 'exists':
			return '*';
		case 'null':
			return 'null';
		case 'glob':
			return test.pattern;
		case 'regex':
			return `/${test.source}/${test.ignoreCase ? 'i' : ''}`;
		case 'range': {
			const [low, high] = [test.low, test.high].map((end) =>
				end === undefined ? '*' : quoteValue(end),
			);
			return test.withEnds ? `[${low} TO ${high}]` : `{${low} TO ${high}}`;
		}
	}
}

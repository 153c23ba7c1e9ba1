import { ENTRY_STATES } from './ast.ts';
import type { ColumnField, FieldNode, FieldPath, QueryNode, StateNode, ValueTest } from './ast.ts';
import { checkValue } from './check-value.ts';
import { PSEUDO_FIELDS, readFieldName, resolveKeys } from './field-name.ts';
import type { WrittenName } from './field-name.ts';
import { nearest } from './nearest.ts';
import { QueryError } from './query-error.ts';
import type { QueryParser } from './query-parser.ts';
import { quote } from './quoted.ts';
import { readRange, splitDots } from './read-range.ts';
import type { Scanner } from './scanner.ts';

const OPERATORS = ['!=', '>=', '<=', '==', '=', '>', '<', ':'] as const;
type ClauseOperator = (typeof OPERATORS)[number];
type CompareOperator = '<' | '<=' | '>' | '>=';

/** Columns of text that is looked for in, rather than known as a whole. */
const LONG_FIELDS: ReadonlySet<ColumnField> = new Set(['message', 'exception', 'note']);

/** A comparison that lacks its value, rather than text: `status>=`, `status> 500`. */
const UNFINISHED = /^(?:[<>]=|[<>]\s+\d)/;

/** After a bare `<` or `>`: otherwise `a<b` and `List<int>` would be no text. */
const COMPARABLE = /["\d]|[-+.]\d|now\b/y;

/**
 * Reads a condition on a field. `undefined`, with nothing taken, if what stands here is text:
 * `10:19:46`, `http://host`, `C:\dir`, `std::vector`, `a->b`.
 */
export function readClause(parser: QueryParser): QueryNode | undefined {
	const { scanner } = parser;
	const from = scanner.at;
	const name = readFieldName(scanner.text, from);
	if (name === undefined) {
		return undefined;
	}
	scanner.at = name.to;
	const operator = OPERATORS.find((candidate) => scanner.skip(candidate));
	const field = resolveKeys(name.keys);
	if (operator === undefined || isText(scanner, name, field, operator)) {
		scanner.at = from;
		return undefined;
	}
	const pseudo =
		operator === ':' && name.plain
			? PSEUDO_FIELDS.find((candidate) => candidate === name.keys[0] && name.keys.length === 1)
			: undefined;
	const leaf = () => readLeaf(parser, field, operator, pseudo, from);
	needValue(scanner, from);
	const node = scanner.peek() === '(' && /^[:=]|^!=/.test(operator) ? parser.group(leaf) : leaf();
	return { ...node, from };
}

function isText(
	scanner: Scanner,
	name: WrittenName,
	field: FieldPath,
	operator: ClauseOperator,
): boolean {
	if (operator === ':') {
		const isDrive = name.plain && name.to - scanner.at === -1 && name.keys[0]?.length === 1;
		return (
			scanner.startsWith('//') ||
			scanner.peek() === ':' ||
			scanner.peek() === '\\' ||
			(isDrive && /^\/(?![^/\s]*\/i?(?:[\s)]|$))/.test(scanner.text.slice(scanner.at)))
		);
	}
	if (operator === '=' || operator === '==' || operator === '!=') {
		return scanner.peek() === '>' || scanner.peek() === '=';
	}
	if ('column' in field && field.column === 'level') {
		return scanner.atBreak ? false : !/[\w"]/.test(scanner.peek());
	}
	if (scanner.atBreak) {
		return !UNFINISHED.test(operator + scanner.text.slice(scanner.at));
	}
	COMPARABLE.lastIndex = scanner.at;
	return !COMPARABLE.test(scanner.text);
}

/** A condition is never half: `status:` alone, or with a space after it, says nothing. */
function needValue(scanner: Scanner, from: number): void {
	if (!scanner.atBreak) {
		return;
	}
	const { text, at } = scanner;
	const next = text.slice(at).trimStart();
	const clause = text.slice(from, at);
	const suggestion =
		next === '' || next.startsWith(')')
			? clause.endsWith(':')
				? `${text.slice(0, at)}*${text.slice(at)}`
				: undefined
			: text.slice(0, at) + next;
	throw new QueryError(
		/\s/.test(scanner.peek()) && next !== ''
			? `The value has to follow ${clause} without a space.`
			: `There is no value after ${clause.endsWith(':') ? `"${clause}"` : clause}.`,
		{ from, to: at },
		suggestion?.trim(),
	);
}

function readLeaf(
	parser: QueryParser,
	field: FieldPath,
	operator: ClauseOperator,
	pseudo: (typeof PSEUDO_FIELDS)[number] | undefined,
	clauseFrom: number,
): QueryNode {
	const { scanner } = parser;
	const from = scanner.at;
	switch (pseudo) {
		case 'is':
			return readState(parser);
		case 'has': {
			const name = readFieldName(scanner.text, from);
			scanner.at = name?.to ?? from;
			if (name === undefined || !scanner.atBreak) {
				scanner.at = from;
				const word = scanner.word();
				throw new QueryError(
					'The name of a field has to follow has:, in quotes if it is an odd one.',
					{ from, to: scanner.at },
					scanner.text.slice(0, from) + quote(word) + scanner.text.slice(scanner.at),
				);
			}
			return parser.add<FieldNode>({
				kind: 'field',
				field: resolveKeys(name.keys),
				test: { kind: 'exists' },
				from,
				to: scanner.at,
			});
		}
		case 'since':
		case 'until': {
			const text = readScalar(scanner);
			return add(parser, { column: 'ts' }, from, clauseFrom, {
				kind: 'compare',
				op: pseudo === 'since' ? '>=' : '<=',
				text,
			});
		}
		case undefined:
			return add(parser, field, from, clauseFrom, readTest(scanner, field, operator));
	}
}

function add(
	parser: QueryParser,
	field: FieldPath,
	from: number,
	clauseFrom: number,
	test: ValueTest,
): FieldNode {
	const place = { from, to: parser.scanner.at };
	checkValue(parser.scanner.text, field, test, place, clauseFrom);
	return parser.add({ kind: 'field', field, test, ...place });
}

function readTest(scanner: Scanner, field: FieldPath, operator: ClauseOperator): ValueTest {
	switch (operator) {
		case '=':
		case '==':
			return { kind: 'equals', text: readScalar(scanner) };
		case '!=':
			return { kind: 'differs', text: readScalar(scanner) };
		case ':':
			return readValue(scanner, field);
		default:
			return { kind: 'compare', op: operator, text: readScalar(scanner) };
	}
}

/** What may follow a colon. */
function readValue(scanner: Scanner, field: FieldPath): ValueTest {
	const from = scanner.at;
	const compare = (['>=', '<=', '>', '<'] as const).find((candidate) => scanner.skip(candidate));
	if (compare !== undefined) {
		return readCompare(scanner, compare, from);
	}
	if (scanner.skip('!=')) {
		return { kind: 'differs', text: readScalar(scanner) };
	}
	if (scanner.skip('=')) {
		return { kind: 'equals', text: readScalar(scanner) };
	}
	if (scanner.peek() === '[' || scanner.peek() === '{') {
		return readRange(scanner);
	}
	const isLong = 'column' in field && LONG_FIELDS.has(field.column);
	if (scanner.peek() === '"') {
		const text = readScalar(scanner);
		return isLong ? { kind: 'contains', text } : { kind: 'is', text };
	}
	const regex = scanner.peek() === '/' ? scanner.regex() : undefined;
	if (regex !== undefined) {
		return { kind: 'regex', ...regex };
	}
	const word = scanner.word();
	if (word === '*') {
		return { kind: 'exists' };
	}
	if (word === 'null') {
		return { kind: 'null' };
	}
	const range = isLong ? undefined : splitDots(word, field);
	if (range !== undefined) {
		return range;
	}
	if (/[*?]/.test(word)) {
		return { kind: 'glob', pattern: word };
	}
	return isLong ? { kind: 'contains', text: word } : { kind: 'is', text: word };
}

function readCompare(scanner: Scanner, op: CompareOperator, from: number): ValueTest {
	if (scanner.atBreak) {
		needValue(scanner, from);
	}
	return { kind: 'compare', op, text: readScalar(scanner) };
}

/** A word or quoted text, with nothing directly after it. */
function readScalar(scanner: Scanner): string {
	const from = scanner.at;
	if (scanner.peek() !== '"') {
		if (scanner.atBreak) {
			needValue(scanner, Math.max(0, from - 1));
		}
		return scanner.word();
	}
	const text = scanner.quoted();
	if (!scanner.atBreak) {
		throw new QueryError(
			'After the closing quote there has to be a space.',
			{ from: scanner.at, to: scanner.at + 1 },
			`${scanner.text.slice(0, scanner.at)} ${scanner.text.slice(scanner.at)}`,
		);
	}
	return text;
}

function readState(parser: QueryParser): StateNode {
	const { scanner } = parser;
	const from = scanner.at;
	const word = scanner.word();
	const state = ENTRY_STATES.find((candidate) => candidate === word.toLowerCase());
	if (state === undefined) {
		const near = nearest(word, ENTRY_STATES);
		throw new QueryError(
			`There is no is:${word}. Possible are ${ENTRY_STATES.join(', ')}.`,
			{ from, to: scanner.at },
			near === undefined
				? undefined
				: scanner.text.slice(0, from) + near + scanner.text.slice(scanner.at),
		);
	}
	return parser.add({ kind: 'is', state, from, to: scanner.at });
}

import type { QueryPlace } from './ast.ts';
import { fieldName, readFieldName, resolveKeys } from './field-name.ts';
import type { WrittenName } from './field-name.ts';
import { readQuoted } from './quoted.ts';

/** What is being typed at a place of a query, for offering how it could go on. */
export interface Completion extends QueryPlace {
	/**
	 * `field`: the name of a field, or a word of text. `operator`: that, or AND, OR and NOT.
	 * `value`: one of a field's.
	 */
	readonly kind: 'field' | 'value' | 'operator';
	/** Whose value it is; `is` stands for the states of `is:`. */
	readonly field?: string;
	/** What of it stands before the caret, without quotes. [from, to) is what takes its place. */
	readonly prefix: string;
}

const SPACE = /\s*/y;
const OPERATOR = /:(?:[<>]=?|!?=)?|[!<>]=|==?|[<>]/y;
const REGEX = /\/(?:\\[^]|[^\\/])*\/i?(?=[\s)]|$)/y;
/** What stands behind a name whose next key is begun: `user.`, `user."odd`. */
const BEGUN_KEY = /^\.(?:"[^"]*)?$/;
const RANGE_WORD = /[^\s[\]{}]*/y;

/**
 * What is being typed at the caret; `undefined` where nothing can be offered. It reads queries that
 * are not finished, too.
 */
export function completionAt(text: string, place: number): Completion | undefined {
	const caret = Math.min(Math.max(0, place), text.length);
	/** The field of each group that is open: `undefined` for one of conditions. */
	const groups: (string | undefined)[] = [];
	let at = 0;
	for (;;) {
		at += lengthOf(SPACE, text, at);
		if (at >= caret) {
			return blank(groups.at(-1), caret, hasOperand(text.slice(0, caret)));
		}
		const sign = text.charAt(at);
		if (sign === '(') {
			groups.push(groups.at(-1));
			at++;
		} else if (sign === ')') {
			groups.pop();
			at++;
		} else if (/^[-!][^\s\-!=<>]/.test(text.slice(at, at + 2))) {
			at++;
		} else {
			const token = readToken(text, at, groups.at(-1));
			if (caret <= token.to) {
				return token.complete(caret);
			}
			if (token.group !== undefined) {
				groups.push(token.group);
			}
			at = token.to;
		}
	}
}

/** A piece of a query, and what can be offered inside of it. */
interface Token {
	readonly to: number;
	/** The field whose values follow in parentheses. */
	readonly group?: string;
	readonly complete: (caret: number) => Completion | undefined;
}

function readToken(text: string, from: number, group: string | undefined): Token {
	if (group !== undefined) {
		return readValue(text, from, group);
	}
	const name = readFieldName(text, from);
	const operator = name === undefined ? 0 : lengthOf(OPERATOR, text, name.to);
	if (name === undefined || operator === 0) {
		return readWord(text, from);
	}
	const begin = name.to + operator;
	if (text.charAt(name.to) === ':' && /^(?:\/\/|[:\\])/.test(text.slice(begin, begin + 2))) {
		return { to: wordEnd(text, begin), complete: nothing };
	}
	const field = completedField(name);
	const value: Token =
		text.charAt(begin) === '('
			? { to: begin + 1, group: field, complete: (caret) => blankValue(field, caret) }
			: readValue(text, begin, field);
	return {
		...value,
		complete: (caret) => {
			if (caret <= name.to) {
				const prefix = text.slice(from, caret);
				return { kind: 'field', prefix, from, to: name.to };
			}
			return caret < begin ? undefined : value.complete(caret);
		},
	};
}

/** Whose values follow a name; empty for `has:`, which is followed by a field. */
function completedField(name: WrittenName): string {
	const [key] = name.plain ? name.keys : [];
	switch (name.keys.length === 1 ? key : undefined) {
		case 'has':
			return '';
		case 'is':
			return 'is';
		case 'since':
		case 'until':
			return 'ts';
		default:
			return fieldName(resolveKeys(name.keys));
	}
}

/** A word of free text, which may become the name of a field or an operator. */
function readWord(text: string, from: number): Token {
	const quoted = text.charAt(from) === '"' ? (readQuoted(text, from)?.to ?? text.length) : 0;
	const regex = lengthOf(REGEX, text, from);
	if (quoted > 0 || regex > 0) {
		return { to: quoted > 0 ? quoted : from + regex, complete: nothing };
	}
	const to = wordEnd(text, from);
	const name = readFieldName(text, from);
	return {
		to,
		complete: (caret) => {
			const prefix = text.slice(from, caret);
			if (name === undefined || (name.to < to && !BEGUN_KEY.test(text.slice(name.to, to)))) {
				return undefined;
			}
			const isOperator = ['AND', 'OR', 'NOT'].some((word) => word.startsWith(prefix));
			return { kind: isOperator ? 'operator' : 'field', prefix, from, to };
		},
	};
}

function readValue(text: string, begin: number, field: string): Token {
	const sign = text.charAt(begin);
	if (sign === '[' || sign === '{') {
		return readRange(text, begin, field);
	}
	const regex = lengthOf(REGEX, text, begin);
	if (regex > 0) {
		return { to: begin + regex, complete: nothing };
	}
	const from = begin + (/^(?:[<>]=?|!?=)/.exec(text.slice(begin, begin + 2))?.[0].length ?? 0);
	if (text.charAt(from) !== '"') {
		const to = wordEnd(text, from);
		return {
			to,
			complete: (caret) => {
				const prefix = text.slice(from, caret);
				return caret < from ? undefined : valueOf(field, { prefix, from, to });
			},
		};
	}
	const quoted = readQuoted(text, from);
	const to = quoted?.to ?? text.length;
	return {
		to,
		complete: (caret) => {
			const prefix = readQuoted(`${text.slice(from, caret)}"`, 0)?.value ?? '';
			return quoted !== undefined && caret === to
				? undefined
				: valueOf(field, { prefix, from, to });
		},
	};
}

/** One end of a range. */
function readRange(text: string, begin: number, field: string): Token {
	const end = text.slice(begin).search(/[\]}]/);
	const to = end === -1 ? text.length : begin + end + 1;
	return {
		to,
		complete: (caret) => {
			if (end !== -1 && caret === to) {
				return undefined;
			}
			const before = /[^\s[{]*$/.exec(text.slice(begin, caret))?.[0] ?? '';
			const from = caret - before.length;
			const wordTo = from + lengthOf(RANGE_WORD, text, from);
			return valueOf(field, { prefix: before, from, to: wordTo });
		},
	};
}

function valueOf(field: string, typed: Omit<Completion, 'kind' | 'field'>): Completion {
	return field === '' ? { kind: 'field', ...typed } : { kind: 'value', field, ...typed };
}

function blankValue(field: string, caret: number): Completion {
	return valueOf(field, { prefix: '', from: caret, to: caret });
}

function blank(group: string | undefined, caret: number, afterOperand: boolean): Completion {
	return group === undefined
		? { kind: afterOperand ? 'operator' : 'field', prefix: '', from: caret, to: caret }
		: blankValue(group, caret);
}

/** Something stands before the caret that an operator could follow. */
function hasOperand(before: string): boolean {
	return !/(?:^|[(\s])(?:AND|OR|NOT|&&|\|\|)?\s*$/.test(before.trimEnd());
}

function nothing(): undefined {
	return undefined;
}

/** Up to the next space, or to a parenthesis that closes none of the word's own. */
function wordEnd(text: string, from: number): number {
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		const character = text.charAt(at);
		if (/\s/.test(character) || (character === ')' && depth === 0)) {
			return at;
		}
		depth += character === '(' ? 1 : character === ')' ? -1 : 0;
	}
	return text.length;
}

function lengthOf(pattern: RegExp, text: string, at: number): number {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0].length ?? 0;
}

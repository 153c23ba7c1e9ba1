import { MAX_JSON_DEPTH } from '#shared/json/parse-json.ts';

/** Why a nested value is not taken apart. */
export const TOO_DEEP = `It is nested deeper than ${MAX_JSON_DEPTH} levels: see the raw line.`;

const SPACE = /[ \t\r\n]*/y;
const PLAIN =
	/(?:true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expected = 'value' | 'text' | 'key' | 'first key' | 'first item' | 'colon' | 'comma' | 'end';

const NAMES: Readonly<Record<Expected, string>> = {
	value: 'a value',
	text: 'the rest of a text in quotes',
	key: 'a key in quotes',
	'first key': 'a key in quotes or }',
	'first item': 'a value or ]',
	colon: 'a colon',
	comma: 'a comma or the closing bracket',
	end: 'the end of the line',
};

/** A sentence that says where a text that begins like JSON stops being it; none for JSON. */
export function jsonProblem(text: string): string | undefined {
	const open: string[] = [];
	let expected: Expected = 'value';
	let at = after(SPACE, text, 0);
	while (at < text.length) {
		const first = text[at] ?? '';
		const isValue = expected === 'value' || (expected === 'first item' && first !== ']');
		const isTooDeep = isValue && open.length > MAX_JSON_DEPTH;
		const next = step(first, expected, open);
		if (next === undefined) {
			return sentence(text, at, expected);
		}
		if (isTooDeep || open.length > MAX_JSON_DEPTH + 1) {
			return TOO_DEEP;
		}
		const end = first === '"' ? stringEnd(text, at) : tokenEnd(text, at);
		if (end <= at) {
			return end < 0 ? sentence(text, -end, 'text') : sentence(text, at, expected);
		}
		expected = next;
		at = after(SPACE, text, end);
	}
	return expected === 'end' ? undefined : sentence(text, at, expected);
}

/** The end of what `pattern` finds at a place, the place itself if that is nothing. */
function after(pattern: RegExp, text: string, at: number): number {
	pattern.lastIndex = at;
	return at + (pattern.exec(text)?.[0].length ?? 0);
}

function tokenEnd(text: string, at: number): number {
	return '{}[],:'.includes(text[at] ?? ' ') ? at + 1 : after(PLAIN, text, at);
}

/** The end of a string; where it breaks off, as a negative number. */
function stringEnd(text: string, start: number): number {
	let at = start + 1;
	while (at < text.length && text[at] !== '"') {
		const next = text[at] === '\\' ? after(ESCAPE, text, at) : at + 1;
		if (next === at) {
			return -at;
		}
		at = next;
	}
	return at < text.length ? at + 1 : -text.length;
}

/** What is expected after a token that begins so; `undefined` if it may not stand here. */
function step(kind: string, expected: Expected, open: string[]): Expected | undefined {
	const wantsValue = expected === 'value' || expected === 'first item';
	const wantsKey = expected === 'key' || expected === 'first key';
	switch (kind) {
		case '{':
		case '[':
			if (!wantsValue) {
				return undefined;
			}
			open.push(kind);
			return kind === '{' ? 'first key' : 'first item';
		case '}':
		case ']': {
			const mayClose =
				expected === 'comma' || expected === (kind === '}' ? 'first key' : 'first item');
			if (!mayClose || open.pop() !== (kind === '}' ? '{' : '[')) {
				return undefined;
			}
			return open.length === 0 ? 'end' : 'comma';
		}
		case ':':
			return expected === 'colon' ? 'value' : undefined;
		case ',':
			return expected === 'comma' ? (open.at(-1) === '{' ? 'key' : 'value') : undefined;
		default:
			if (kind === '"' && wantsKey) {
				return 'colon';
			}
			return wantsValue ? (open.length === 0 ? 'end' : 'comma') : undefined;
	}
}

function sentence(text: string, at: number, expected: Expected): string {
	return at < text.length
		? `It begins like JSON but is none: column ${at + 1}: expected ${NAMES[expected]}.`
		: `It begins like JSON but ends too early, after column ${at}: expected ${NAMES[expected]}.`;
}

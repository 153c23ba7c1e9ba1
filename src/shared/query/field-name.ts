import { COLUMN_FIELDS } from './ast.ts';
import type { ColumnField, FieldPath } from './ast.ts';
import { readQuoted } from './quoted.ts';

/** What a column may be called as well. */
const ALIASES: ReadonlyMap<string, ColumnField> = new Map([
	...COLUMN_FIELDS.map((column) => [column, column] as const),
	['time', 'ts'],
	['timestamp', 'ts'],
	['msg', 'message'],
	['task', 'task_id'],
	['traceback', 'exception'],
	['error_text', 'exception'],
]);

/** Names that mean something of their own before a colon. */
export const PSEUDO_FIELDS = ['has', 'is', 'since', 'until'] as const;

/** More keys than this are no field that anybody has. */
const MAX_SEGMENTS = 32;

const FIRST = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const AFTER_AT = /[\p{L}\p{N}_$-]+/uy;
const ANY_FIRST = /\*(?=[.[])/y;
const NEXT = /\.([\p{L}\p{N}_$-]+|\*)/uy;
const INDEX = /\[(\d{1,9}|\*)\]/y;
const PLAIN = /^[\p{L}_$](?:[\p{L}\p{N}_$-]*[\p{L}\p{N}_$])?$/u;
const PLAIN_NEXT = /^(?:[\p{L}\p{N}_$-]*[\p{L}\p{N}_$]|\*)$/u;

/** A name as it stands in a query: its keys and where it ends. */
export interface WrittenName {
	readonly keys: readonly string[];
	readonly to: number;
	/** It is one word without quotes, `@` or anything else: `has`, `level`. */
	readonly plain: boolean;
}

/** Reads the name of a field that begins at `at`; `undefined` if what stands there is none. */
export function readFieldName(text: string, at: number): WrittenName | undefined {
	const begin = text[at] === '@' ? at + 1 : at;
	const first = readFirst(text, begin, begin > at);
	if (first === undefined) {
		return undefined;
	}
	const keys = [first.key];
	let to = first.to;
	for (;;) {
		const next = readNext(text, to);
		if (next === undefined) {
			break;
		}
		keys.push(next.key);
		to = next.to;
		if (keys.length > MAX_SEGMENTS) {
			return undefined;
		}
	}
	// `a->b` is no comparison of a field called `a-`.
	return text[to - 1] === '-' ? undefined : { keys, to, plain: to - at === keys.join('').length };
}

interface Key {
	readonly key: string;
	readonly to: number;
}

function readFirst(text: string, at: number, afterAt: boolean): Key | undefined {
	if (text[at] === '"') {
		const quoted = readQuoted(text, at);
		return quoted === undefined ? undefined : { key: quoted.value, to: quoted.to };
	}
	return take(ANY_FIRST, text, at) ?? take(afterAt ? AFTER_AT : FIRST, text, at);
}

function readNext(text: string, at: number): Key | undefined {
	if (text.startsWith('."', at)) {
		const quoted = readQuoted(text, at + 1);
		return quoted === undefined ? undefined : { key: quoted.value, to: quoted.to };
	}
	return take(NEXT, text, at) ?? take(INDEX, text, at);
}

function take(pattern: RegExp, text: string, at: number): Key | undefined {
	pattern.lastIndex = at;
	const found = pattern.exec(text);
	return found === null ? undefined : { key: found[1] ?? found[0], to: at + found[0].length };
}

/** Which field keys name: a column by one of its names, otherwise a place in `extra`. */
export function resolveKeys(keys: readonly string[]): FieldPath {
	const [first = '', ...rest] = keys;
	if (rest.length === 0) {
		const column = ALIASES.get(first);
		return column === undefined ? { path: [first === 'run' ? 'run_id' : first] } : { column };
	}
	return { path: first === 'extra' ? rest : keys };
}

/** Which field a name means, as it would in a query. A name nobody could write is one key. */
export function fieldPath(name: string): FieldPath {
	const written = readFieldName(name, 0);
	return written?.to === name.length ? resolveKeys(written.keys) : { path: [name] };
}

/** The name of a field as it stands in a query; `fieldPath` reads it back. */
export function fieldName(field: FieldPath): string {
	if ('column' in field) {
		return field.column;
	}
	const [first = '', ...rest] = field.path;
	const isTaken =
		first === 'extra'
			? rest.length > 0
			: rest.length === 0 &&
				(ALIASES.has(first) || first === 'run' || PSEUDO_FIELDS.some((name) => name === first));
	const keys = isTaken ? ['extra', ...field.path] : field.path;
	return keys
		.map((key, index) => {
			const isPlain =
				index === 0 ? PLAIN.test(key) || (key === '*' && keys.length > 1) : PLAIN_NEXT.test(key);
			return isPlain ? key : quoteKey(key);
		})
		.join('.');
}

/** Whether two paths name the same field. */
export function isSameField(one: FieldPath, other: FieldPath): boolean {
	return fieldName(one) === fieldName(other);
}

function quoteKey(key: string): string {
	return `"${key.replace(/["\\]/g, '\\$&')}"`;
}

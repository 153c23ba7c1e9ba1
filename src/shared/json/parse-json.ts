/**
 * A JSON reader that keeps what `JSON.parse` loses: numbers as they were written (beyond 2^53,
 * `1.0`, `-0`), the order and the doubles of keys, `__proto__` as a key like any other. It also
 * reads the `NaN`, `Infinity` and `-Infinity` that Python's `json.dumps` writes.
 */

/** A JSON value with its place in the text: `text.slice(start, end)` is how it was written. */
export type JsonNode = {
	readonly start: number;
	readonly end: number;
} & (
	| { readonly kind: 'object'; readonly members: readonly JsonMember[] }
	| { readonly kind: 'array'; readonly items: readonly JsonNode[] }
	| { readonly kind: 'string'; readonly value: string }
	/** A number or a word (`true`, `false`, `null`, `NaN`, …), as it was written. */
	| { readonly kind: 'number' | 'word'; readonly text: string }
);

export interface JsonMember {
	readonly key: string;
	readonly value: JsonNode;
}

/** Deeper values are refused: copying them between processes fails from about 10,000 levels on. */
export const MAX_JSON_DEPTH = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null|NaN|-?Infinity/y;
const SPACE = /[ \t\r\n]*/y;

/** Reads one JSON value that is all of `text`; `undefined` if it is not that. */
export function parseJson(text: string): JsonNode | undefined {
	try {
		const reader = new Reader(text);
		const node = reader.value(0);
		return reader.atEnd() ? node : undefined;
	} catch (error) {
		if (error instanceof NotJson) {
			return undefined;
		}
		throw error;
	}
}

/** The value of a member, the last one if the key stands there twice. */
export function memberOf(node: JsonNode | undefined, key: string): JsonNode | undefined {
	return node?.kind === 'object'
		? node.members.findLast((member) => member.key === key)?.value
		: undefined;
}

/** A value as text for a cell: a string without its quotes, everything else as it was written. */
export function textOf(node: JsonNode, source: string): string {
	return node.kind === 'string' ? node.value : source.slice(node.start, node.end);
}

class NotJson extends Error {}

class Reader {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	atEnd(): boolean {
		this.#take(SPACE);
		return this.#at === this.#text.length;
	}

	value(depth: number): JsonNode {
		if (depth > MAX_JSON_DEPTH) {
			throw new NotJson();
		}
		this.#take(SPACE);
		const start = this.#at;
		switch (this.#text[start]) {
			case '{':
				return this.#object(start, depth);
			case '[':
				return this.#array(start, depth);
			case '"':
				return { kind: 'string', value: this.#string(), start, end: this.#at };
			default: {
				// Words first: `-Infinity` begins like a number.
				const word = this.#take(WORD);
				if (word !== undefined) {
					return { kind: 'word', text: word, start, end: this.#at };
				}
				return { kind: 'number', text: this.#need(NUMBER), start, end: this.#at };
			}
		}
	}

	#object(start: number, depth: number): JsonNode {
		const members: JsonMember[] = [];
		this.#at++;
		if (!this.#skip('}')) {
			do {
				this.#take(SPACE);
				const key = this.#string();
				if (!this.#skip(':')) {
					throw new NotJson();
				}
				members.push({ key, value: this.value(depth + 1) });
			} while (this.#skip(','));
			this.#close('}');
		}
		return { kind: 'object', members, start, end: this.#at };
	}

	#array(start: number, depth: number): JsonNode {
		const items: JsonNode[] = [];
		this.#at++;
		if (!this.#skip(']')) {
			do {
				items.push(this.value(depth + 1));
			} while (this.#skip(','));
			this.#close(']');
		}
		return { kind: 'array', items, start, end: this.#at };
	}

	#string(): string {
		const start = this.#at;
		let end = this.#text[start] === '"' ? this.#text.indexOf('"', start + 1) : -1;
		while (end !== -1 && this.#isEscaped(end, start)) {
			end = this.#text.indexOf('"', end + 1);
		}
		if (end === -1) {
			throw new NotJson();
		}
		this.#at = end + 1;
		const written = this.#text.slice(start, end + 1);
		if (!written.includes('\\')) {
			return written.slice(1, -1);
		}
		try {
			// Python writes no raw control characters, but others do: JSON.parse refuses them.
			return JSON.parse(written.replace(/[\u0000-\u001f]/g, escapeControl)) as string;
		} catch {
			throw new NotJson();
		}
	}

	/** An odd number of backslashes stands before the quote: it belongs to the string. */
	#isEscaped(quote: number, start: number): boolean {
		let backslash = quote;
		while (backslash - 1 > start && this.#text[backslash - 1] === '\\') {
			backslash--;
		}
		return (quote - backslash) % 2 === 1;
	}

	#close(bracket: string): void {
		if (!this.#skip(bracket)) {
			throw new NotJson();
		}
	}

	#skip(character: string): boolean {
		this.#take(SPACE);
		if (this.#text[this.#at] !== character) {
			return false;
		}
		this.#at++;
		return true;
	}

	#need(pattern: RegExp): string {
		const found = this.#take(pattern);
		if (found === undefined) {
			throw new NotJson();
		}
		return found;
	}

	#take(pattern: RegExp): string | undefined {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0];
		this.#at += found?.length ?? 0;
		return found;
	}
}

function escapeControl(character: string): string {
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

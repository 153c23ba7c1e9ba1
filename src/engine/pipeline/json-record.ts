import { MAX_JSON_DEPTH, memberOf, parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';

/** A parsed line: own keys only, whatever they are called. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Where a value stands in a record: the keys from the outside in. */
export type Path = readonly string[];

/** A JSON object with the text it was read from, for the values that `JSON.parse` rewrites. */
export class ParsedRecord {
	readonly text: string;
	readonly value: JsonRecord;
	#root: JsonNode | undefined;
	#isRootRead = false;

	constructor(text: string, value: JsonRecord, root?: JsonNode) {
		this.text = text;
		this.value = value;
		this.#root = root;
		this.#isRootRead = root !== undefined;
	}

	/** The record as it was written; `undefined` if it is nested deeper than `MAX_JSON_DEPTH`. */
	get root(): JsonNode | undefined {
		if (!this.#isRootRead) {
			this.#root = parseJson(this.text);
			this.#isRootRead = true;
		}
		return this.#root;
	}

	/** Where the value stands in the text, if `root` is there. */
	nodeAt(path: Path): JsonNode | undefined {
		return path.reduce<JsonNode | undefined>(
			(node, key) => (node?.kind === 'array' ? node.items[Number(key)] : memberOf(node, key)),
			this.root,
		);
	}

	/**
	 * A value as a cell's text: a string without its quotes, everything else with its digits and
	 * spaces as they were written. `undefined` where there is none, and for null.
	 */
	cellAt(path: Path): string | undefined {
		const value = valueAt(this.value, path);
		if (typeof value === 'string') {
			return value.toWellFormed();
		}
		if (value === undefined || value === null) {
			return undefined;
		}
		const node = this.nodeAt(path);
		if (node === undefined) {
			return typeof value === 'object' ? undefined : String(value);
		}
		return textOf(node, this.text).toWellFormed();
	}

	/** A value, or its digits for a number that a double can't hold. */
	exactAt(path: Path): unknown {
		const value = valueAt(this.value, path);
		const isExact = typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER;
		return isExact ? value : this.cellAt(path);
	}
}

/** A value that is a JSON object. */
export function isRecord(value: unknown): value is JsonRecord {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, `undefined` if there is none. */
export function valueAt(record: JsonRecord, path: Path): unknown {
	let value: unknown = record;
	for (const key of path) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
			return undefined;
		}
		value = (value as JsonRecord)[key];
	}
	return value;
}

/** The string at a path, `undefined` if there is none or it is blank. */
export function stringAt(record: JsonRecord, path: Path): string | undefined {
	const value = valueAt(record, path);
	return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/**
 * A line without what may stand before its object: a byte order mark, or the NULs that a log begins
 * with when it was truncated under its writer.
 */
export function recordText(line: string): string {
	const first = line.charCodeAt(0);
	return first === 0xfeff || first === 0 ? line.replace(/^[\ufeff\0]+/, '') : line;
}

/**
 * A text as an object, `undefined` if it is none. Falls back to the tolerant reader for what
 * `JSON.parse` refuses and Python writes (`NaN`, `Infinity`), and for what it reads wrongly.
 */
export function readRecord(line: string): ParsedRecord | undefined {
	const text = recordText(line);
	// Most lines begin with their object; the pattern would cost as much as parsing a short one.
	if (text.charCodeAt(0) !== 0x7b && !/^[ \t\r]*\{/.test(text)) {
		return undefined;
	}
	try {
		const value = JSON.parse(text) as JsonRecord;
		if (text.includes('\\') && hasEscapedKey(value, 0)) {
			return readTolerantly(text) ?? new ParsedRecord(text, value);
		}
		return new ParsedRecord(text, value);
	} catch {
		return readTolerantly(text);
	}
}

function readTolerantly(text: string): ParsedRecord | undefined {
	const root = parseJson(text);
	return root?.kind === 'object' ? new ParsedRecord(text, recordOf(root, text), root) : undefined;
}

/**
 * V8 13 may take a key with an escape for one that stood in the same place before and has a
 * backslash: after `{"\\":1}`, `{"\"":1}` gets the key `\`. What it then reads has a backslash.
 */
function hasEscapedKey(value: unknown, depth: number): boolean {
	if (typeof value !== 'object' || value === null || depth > MAX_JSON_DEPTH) {
		return false;
	}
	if (Array.isArray(value)) {
		return value.some((item) => hasEscapedKey(item, depth + 1));
	}
	for (const key in value) {
		if (key.includes('\\') || hasEscapedKey((value as JsonRecord)[key], depth + 1)) {
			return true;
		}
	}
	return false;
}

/** A line shorter than the brackets of a value that is too deep has none. */
const SHORTEST_DEEP = 2 * MAX_JSON_DEPTH;

/** Whether a record is nested deeper than it can be taken apart. */
export function isTooDeep(record: ParsedRecord): boolean {
	return record.text.length > SHORTEST_DEEP && isDeeper(record.value, MAX_JSON_DEPTH);
}

function isDeeper(value: unknown, levels: number): boolean {
	if (levels < 0) {
		return true;
	}
	if (typeof value !== 'object' || value === null) {
		return false;
	}
	if (Array.isArray(value)) {
		return value.some((item) => isDeeper(item, levels - 1));
	}
	for (const key in value) {
		if (isDeeper((value as JsonRecord)[key], levels - 1)) {
			return true;
		}
	}
	return false;
}

function recordOf(node: JsonNode & { kind: 'object' }, text: string): JsonRecord {
	const entries = node.members.map(({ key, value }) => [key, plainValue(value, text)] as const);
	return Object.fromEntries(entries);
}

function plainValue(node: JsonNode, text: string): unknown {
	switch (node.kind) {
		case 'object':
			return recordOf(node, text);
		case 'array':
			return node.items.map((item) => plainValue(item, text));
		case 'number':
			return Number(node.text);
		case 'word':
			return WORDS.has(node.text) ? WORDS.get(node.text) : node.text;
		default:
			return node.value;
	}
}

/** `NaN` and `Infinity` stay words: no column is made of them. */
const WORDS = new Map<string, unknown>([
	['null', null],
	['true', true],
	['false', false],
]);

import { parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';

/** A value of a record that can be a column. */
export interface JsonValue {
	/** The keys from the outside in, as a mapping names it. */
	readonly path: readonly string[];
	/** Where it stands in the tree of the record (`JsonLine.path`). */
	readonly place: string;
	readonly text: string;
}

/** What a mapping can name: so many keys deep, each of at most so many characters. */
const MAX_DEPTH = 16;
const MAX_KEY_LENGTH = 1_000;

/** More of them are too many to choose from. */
const MAX_VALUES = 500;

/**
 * The values of a record, in its order: everything that is no object and no array, nor in one.
 * Where a key stands twice the last one counts, as it does when the line is read.
 */
export function jsonValues(json: string): readonly JsonValue[] {
	const found = new Map<string, JsonValue>();
	const root = parseJson(json);
	if (root !== undefined) {
		collect(root, json, [], '', found);
	}
	return [...found.values()];
}

/** One spelling of a path, for comparing. */
export function pathKey(path: readonly string[]): string {
	return JSON.stringify(path);
}

/** A path as it is shown: `ctx.job`, with quotes around keys that hold a dot. */
export function pathLabel(path: readonly string[]): string {
	return path.map((key) => (/^[^.\s"]+$/.test(key) ? key : JSON.stringify(key))).join('.');
}

function collect(
	node: JsonNode,
	json: string,
	path: readonly string[],
	place: string,
	found: Map<string, JsonValue>,
): void {
	if (node.kind !== 'object') {
		if (path.length > 0 && node.kind !== 'array' && found.size < MAX_VALUES) {
			const key = pathKey(path);
			found.delete(key); // the last one of the same name, in its own place
			found.set(key, { path, place, text: textOf(node, json) });
		}
		return;
	}
	for (const [index, { key, value }] of node.members.entries()) {
		if (path.length < MAX_DEPTH && key !== '' && key.length <= MAX_KEY_LENGTH) {
			collect(value, json, [...path, key], `${place}/${index}`, found);
		}
	}
}

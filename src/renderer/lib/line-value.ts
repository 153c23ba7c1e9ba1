import { parseJson, textOf } from '#shared/json/parse-json.ts';
import { fieldName } from '#shared/query/field-name.ts';
import type { JsonLine } from './json-lines.ts';

/** What a value in the details is of. */
export interface DetailValue {
	/** The field's name in a query. */
	readonly field: string;
	/** As a query asks for it; `undefined` if it is null or has values of its own. */
	readonly value: string | undefined;
	/** As it is copied: objects and arrays as they were written. */
	readonly text: string;
}

/** The field that a line of a JSON tree stands for, and its value. `json`: the text of the tree. */
export function lineValue({ keys, start, end }: JsonLine, json: string): DetailValue {
	const written = json.slice(start, end);
	const node = parseJson(written);
	const field = fieldName({ path: keys });
	if (node === undefined || node.kind === 'object' || node.kind === 'array') {
		return { field, value: undefined, text: written };
	}
	const text = textOf(node, written);
	return { field, value: written === 'null' ? undefined : text, text };
}

import { parseJson } from '#shared/json/parse-json.ts';
import { COLUMN_FIELDS } from '#shared/query/ast.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';
import type { FieldInfo } from '#shared/model/query.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { fieldName } from '#shared/query/field-name.ts';

/** A field that an entry has. */
export interface NamedField {
	/** As in a query. */
	readonly name: string;
	/** Without one: it is null. */
	readonly kind?: FieldInfo['kind'];
}

/** Entries that have more fields, or deeper ones, use their keys for data. */
const MAX_FIELDS = 300;
const MAX_DEPTH = 10;

/** What an entry can tell by itself. */
const COLUMNS = COLUMN_FIELDS.filter((column) => column !== 'note');

const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** The fields an entry has, each once: the columns that are not empty, and the values in `extra`. */
export function fieldsOf(entry: QueryEntry): readonly NamedField[] {
	const found = new Map<string, NamedField>();
	for (const column of COLUMNS) {
		const value = column === 'pattern' ? entry.message : entry[column];
		if (value !== undefined && value !== '') {
			found.set(column, { name: column, kind: column === 'ts' ? 'time' : 'text' });
		}
	}
	const extra = entry.extra === undefined ? undefined : parseJson(entry.extra);
	if (extra?.kind === 'object') {
		addFields(extra, [], found);
	}
	return [...found.values()];
}

function addFields(node: JsonNode, path: readonly string[], found: Map<string, NamedField>): void {
	if (found.size >= MAX_FIELDS) {
		return;
	}
	const isDeep = path.length >= MAX_DEPTH;
	if (node.kind === 'object' && node.members.length > 0 && !isDeep) {
		for (const { key, value } of node.members) {
			addFields(value, [...path, key], found);
		}
	} else if (node.kind === 'array' && node.items.length > 0 && !isDeep) {
		// Of a long list the first ones tell what is in it.
		for (const item of node.items.slice(0, MAX_DEPTH)) {
			addFields(item, path, found);
		}
	} else if (path.length > 0) {
		const name = fieldName({ path });
		const kind = kindOf(node);
		if (found.get(name)?.kind === undefined) {
			found.set(name, { name, ...(kind === undefined ? {} : { kind }) });
		}
	}
}

function kindOf(node: JsonNode): FieldInfo['kind'] | undefined {
	switch (node.kind) {
		case 'string':
			return TIME.test(node.value) ? 'time' : 'text';
		case 'number':
			return 'number';
		case 'word':
			return node.text === 'null' ? undefined : /^[tf]/.test(node.text) ? 'boolean' : 'number';
		default:
			return 'object';
	}
}

import { parseJson, textOf } from '../json/parse-json.ts';
import type { JsonNode } from '../json/parse-json.ts';
import type { EntryRow } from '../model/entry.ts';
import type { ColumnField, FieldPath } from './ast.ts';
import { patternOf } from './pattern.ts';

/**
 * What a query looks at: an entry with its whole message. What is left out of the rest counts as not
 * being there.
 */
export interface QueryEntry extends Omit<EntryRow, 'task_id' | 'late' | 'repeat'> {
	readonly task_id?: string | undefined;
	readonly late?: number | undefined;
	readonly repeat?: boolean | undefined;
	/** JSON text of an object. */
	readonly extra?: string | undefined;
	readonly exception?: string | undefined;
}

/** One value of a field. */
export interface FieldValue {
	/** `object` stands for a whole object or array. */
	readonly kind: 'text' | 'number' | 'boolean' | 'null' | 'object';
	/** Strings without their quotes, all else as it was written. */
	readonly text: string;
}

/** An entry whose `extra` is read once, when it is first asked for. */
export class Subject {
	readonly entry: QueryEntry;
	#extra: JsonNode | undefined;
	#isRead = false;

	constructor(entry: QueryEntry) {
		this.entry = entry;
	}

	get extra(): JsonNode | undefined {
		if (!this.#isRead) {
			this.#isRead = true;
			this.#extra = this.entry.extra === undefined ? undefined : parseJson(this.entry.extra);
		}
		return this.#extra;
	}

	/** The values at a path of `extra`; an array is there itself, followed by its elements. */
	values(path: readonly string[]): readonly FieldValue[] {
		const found: JsonNode[] = [];
		findNodes(this.extra, path, 0, found);
		return found.map((node) => this.#value(node));
	}

	/** Every value in `extra` that is no object or array. */
	scalars(): readonly FieldValue[] {
		const found: JsonNode[] = [];
		addScalars(this.extra, found);
		return found.map((node) => this.#value(node));
	}

	#value(node: JsonNode): FieldValue {
		return { kind: kindOf(node), text: textOf(node, this.entry.extra ?? '') };
	}
}

/**
 * All values an entry has at a field: several where there are arrays or `*` in the path, none if it
 * lacks the field. `ts` is in microseconds since 1970, a source has its name.
 */
export function fieldValues(
	entry: QueryEntry,
	field: FieldPath,
	sources: ReadonlyMap<number, string>,
): readonly FieldValue[] {
	return valuesIn(new Subject(entry), field, sources);
}

function valuesIn(
	subject: Subject,
	field: FieldPath,
	sources: ReadonlyMap<number, string>,
): readonly FieldValue[] {
	if ('path' in field) {
		return subject.values(field.path);
	}
	const text = columnText(subject.entry, field.column, sources);
	return text === undefined ? [] : [{ kind: field.column === 'ts' ? 'number' : 'text', text }];
}

/** A field as a cell shows it: its first value, arrays and objects as they were written. */
export function fieldText(
	entry: QueryEntry,
	field: FieldPath,
	sources: ReadonlyMap<number, string>,
): string | null {
	return fieldTexts(entry, [field], sources)[0] ?? null;
}

/** `fieldText` of several fields: the entry is taken apart once. */
export function fieldTexts(
	entry: QueryEntry,
	fields: readonly FieldPath[],
	sources: ReadonlyMap<number, string>,
): (string | null)[] {
	const subject = new Subject(entry);
	return fields.map((field) => {
		const first = valuesIn(subject, field, sources).find(({ kind }) => kind !== 'null');
		return first?.text ?? null;
	});
}

/** What stands in a column; `undefined` where it is empty. The message is never missing. */
export function columnText(
	entry: QueryEntry,
	column: ColumnField,
	sources: ReadonlyMap<number, string>,
): string | undefined {
	switch (column) {
		case 'ts':
			return String(entry.ts);
		case 'source':
			return sources.get(entry.source);
		case 'message':
			return entry.message;
		case 'pattern':
			return patternOf(entry.message);
		case 'note':
			// Not the entry knows it but who asks: `QueryContext.notes`.
			return undefined;
		default:
			return entry[column] === '' ? undefined : entry[column];
	}
}

/**
 * Adds the nodes at a path. Arrays are looked through, an index or `*` names their elements, and
 * several keys in a row can be one key with dots in it. No node is visited twice for one place of
 * the path, since keys make up the path they stand at.
 */
function findNodes(
	node: JsonNode | undefined,
	path: readonly string[],
	at: number,
	found: JsonNode[],
): void {
	if (node === undefined) {
		return;
	}
	if (at === path.length) {
		addWithElements(node, found);
		return;
	}
	const key = path[at];
	if (node.kind === 'array') {
		const index = key === '*' ? -1 : Number(/^\d{1,9}$/.exec(key ?? '')?.[0] ?? Number.NaN);
		for (const item of key !== '*' && index >= 0
			? node.items.slice(index, index + 1)
			: node.items) {
			findNodes(item, path, key === '*' || index >= 0 ? at + 1 : at, found);
		}
		return;
	}
	if (node.kind !== 'object') {
		return;
	}
	if (key === '*') {
		for (const member of node.members) {
			findNodes(member.value, path, at + 1, found);
		}
		return;
	}
	for (const member of node.members) {
		const length = keysIn(member.key, path, at);
		if (length > 0) {
			findNodes(member.value, path, at + length, found);
		}
	}
}

/** How many keys of the path, from `at` on, are this one key: `user.id` may be one. 0: none. */
function keysIn(key: string, path: readonly string[], at: number): number {
	let rest = key;
	for (let index = at; index < path.length; index++) {
		const part = path[index] ?? '';
		if (rest === part) {
			return index - at + 1;
		}
		if (!rest.startsWith(`${part}.`)) {
			return 0;
		}
		rest = rest.slice(part.length + 1);
	}
	return 0;
}

function addWithElements(node: JsonNode, found: JsonNode[]): void {
	found.push(node);
	if (node.kind === 'array') {
		for (const item of node.items) {
			addWithElements(item, found);
		}
	}
}

function addScalars(node: JsonNode | undefined, found: JsonNode[]): void {
	if (node === undefined) {
		return;
	}
	switch (node.kind) {
		case 'array':
			for (const item of node.items) {
				addScalars(item, found);
			}
			return;
		case 'object':
			for (const member of node.members) {
				addScalars(member.value, found);
			}
			return;
		default:
			found.push(node);
	}
}

function kindOf(node: JsonNode): FieldValue['kind'] {
	switch (node.kind) {
		case 'string':
			return 'text';
		case 'number':
			return 'number';
		case 'word':
			return node.text === 'null'
				? 'null'
				: node.text === 'true' || node.text === 'false'
					? 'boolean'
					: 'number';
		default:
			return 'object';
	}
}

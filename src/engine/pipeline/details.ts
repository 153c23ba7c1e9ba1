import { memberOf, parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonMember, JsonNode } from '#shared/json/parse-json.ts';
import { parseRecord } from './decode-line.ts';
import {
	EXCEPTION_KEYS,
	LEVEL_KEYS,
	LOGGER_KEYS,
	MESSAGE_KEYS,
	TASK_KEYS,
	TIME_KEYS,
	firstKey,
	shapeOf,
} from './field-mapping.ts';

/** What only the details pane needs of an entry. */
export interface EntryDetails {
	/** JSON text of an object, its values as they were written. */
	readonly extra?: string;
	readonly exception?: string;
}

const COLUMN_ALIASES = [TIME_KEYS, LEVEL_KEYS, MESSAGE_KEYS, LOGGER_KEYS, TASK_KEYS];
const COLUMN_KEYS: ReadonlySet<string> = new Set(COLUMN_ALIASES.flat());

const FRAME = /^\s*(?:File "|at |> File )|^Traceback /m;

/**
 * Reads what is no column out of an entry's text: its first line, and the traceback that followed.
 * AsyncZ's `extra` and the keys it does not know become one object; so do all unknown keys of other
 * loggers. Nothing is rewritten: a number keeps its digits and a key its doubles.
 */
export function readDetails(raw: string): EntryDetails {
	const lineEnd = raw.indexOf('\n');
	const line = (lineEnd === -1 ? raw : raw.slice(0, lineEnd)).replace(/^\ufeff/, '');
	const followed = lineEnd === -1 ? '' : raw.slice(lineEnd + 1).trimEnd();
	const record = parseRecord(line);
	const root = record === undefined ? undefined : parseJson(line);
	if (record === undefined || root?.kind !== 'object') {
		return followed === '' ? {} : { exception: followed };
	}
	const columns = new Set<string>();
	for (const keys of COLUMN_ALIASES) {
		const key = firstKey<string>(record, keys);
		if (key !== undefined) {
			columns.add(key);
		}
	}
	const isAsyncz = shapeOf(record) === 'asyncz';
	const members: JsonMember[] = [];
	for (const member of root.members) {
		if (isAsyncz && member.key === 'extra') {
			members.push(...(member.value.kind === 'object' ? member.value.members : []));
		} else if (!columns.has(member.key) && !isEmptyColumn(member)) {
			members.push(member);
		}
	}
	const exception = followed === '' ? exceptionText(root, line) : followed;
	return {
		...(members.length === 0 ? {} : { extra: objectText(members, line) }),
		...(exception === undefined ? {} : { exception }),
	};
}

/** The first text with the lines of a traceback, at top level, in `extra` or in an error object. */
function exceptionText(root: JsonNode, line: string): string | undefined {
	for (const place of [root, memberOf(root, 'extra')]) {
		for (const key of EXCEPTION_KEYS) {
			const value = memberOf(place, key);
			const stack = memberOf(value, 'stack') ?? memberOf(value, 'traceback') ?? value;
			if (stack?.kind === 'string' && FRAME.test(stack.value)) {
				return textOf(stack, line).trimEnd();
			}
		}
	}
	return undefined;
}

/** A column's key with null says nothing that an empty cell does not say. */
function isEmptyColumn({ key, value }: JsonMember): boolean {
	return COLUMN_KEYS.has(key) && value.kind === 'word' && value.text === 'null';
}

function objectText(members: readonly JsonMember[], line: string): string {
	const parts = members.map(
		({ key, value }) => `${JSON.stringify(key)}: ${line.slice(value.start, value.end)}`,
	);
	return `{${parts.join(', ')}}`;
}

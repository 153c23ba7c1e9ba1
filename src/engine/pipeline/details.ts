import { MAX_JSON_DEPTH, memberOf, parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonMember, JsonNode } from '#shared/json/parse-json.ts';
import { columnKeys, parseRecord, recordText } from './decode-line.ts';
import {
	EXCEPTION_KEYS,
	LEVEL_KEYS,
	LOGGER_KEYS,
	MESSAGE_KEYS,
	TASK_KEYS,
	TIME_KEYS,
	shapeOf,
} from './field-mapping.ts';

/** What only the details pane needs of an entry. */
export interface EntryDetails {
	/** JSON text of an object, its values as they were written. */
	readonly extra?: string;
	/** Why there is an `extra` that is not here. */
	readonly extraProblem?: string;
	readonly exception?: string;
}

const TOO_DEEP = `It is nested deeper than ${MAX_JSON_DEPTH} levels: see the raw line.`;

const COLUMN_ALIASES = [TIME_KEYS, LEVEL_KEYS, MESSAGE_KEYS, LOGGER_KEYS, TASK_KEYS];
const COLUMN_KEYS: ReadonlySet<string> = new Set(COLUMN_ALIASES.flat());

// Spaces and tabs by name: `\s` would cross the line end and search the rest once for each line.
const FRAME = /^[ \t]*(?:File "|at |> File )|^Traceback /m;

/**
 * Reads what is no column out of an entry's text: its first line, and the traceback that followed.
 * AsyncZ's `extra` and the keys it does not know become one object; so do all unknown keys of other
 * loggers. Nothing is rewritten: a number keeps its digits and a key its doubles.
 */
export function readDetails(raw: string): EntryDetails {
	const lineEnd = raw.indexOf('\n');
	const line = recordText(lineEnd === -1 ? raw : raw.slice(0, lineEnd));
	const followed = lineEnd === -1 ? '' : raw.slice(lineEnd + 1).trimEnd();
	const record = parseRecord(line);
	const root = record === undefined ? undefined : parseJson(line);
	const continued = followed === '' ? {} : { exception: followed };
	if (record === undefined) {
		return continued;
	}
	if (root?.kind !== 'object') {
		return { extraProblem: TOO_DEEP, ...continued };
	}
	const columns = columnKeys(record);
	const isAsyncz = shapeOf(record) === 'asyncz';
	const members = root.members.flatMap((member): readonly JsonMember[] => {
		if (isAsyncz && member.key === 'extra' && member.value.kind === 'object') {
			return member.value.members;
		}
		return columns.has(member.key) || isEmpty(member) ? [] : [member];
	});
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

/** The key of a column or `extra` with null says nothing that an empty cell does not say. */
function isEmpty({ key, value }: JsonMember): boolean {
	return (
		(COLUMN_KEYS.has(key) || key === 'extra') && value.kind === 'word' && value.text === 'null'
	);
}

function objectText(members: readonly JsonMember[], line: string): string {
	const parts = members.map(
		({ key, value }) => `${JSON.stringify(key)}: ${line.slice(value.start, value.end)}`,
	);
	return `{${parts.join(', ')}}`;
}

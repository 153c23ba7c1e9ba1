import { parseJson, textOf } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type { TimeZone } from '#shared/model/settings.ts';
import { formatTimestamp } from '#shared/format/format-time.ts';
import { fieldName } from '#shared/query/field-name.ts';

/** A field of two entries; `undefined` where one has no such field. */
export interface FieldPair {
	readonly name: string;
	readonly left: string | undefined;
	readonly right: string | undefined;
	readonly differs: boolean;
}

/**
 * The fields of two entries side by side: columns first, then those of `extra` in their order, by
 * their names in a query: its own `level` is `extra.level`.
 */
export function diffEntries(left: LogEntry, right: LogEntry, zone: TimeZone): readonly FieldPair[] {
	const [one, other] = [fieldsOf(left, zone), fieldsOf(right, zone)];
	return [...new Set([...one.keys(), ...other.keys()])].map((name) => {
		const pair = { left: one.get(name), right: other.get(name) };
		return { name, ...pair, differs: pair.left !== pair.right };
	});
}

function fieldsOf(entry: LogEntry, zone: TimeZone): ReadonlyMap<string, string> {
	const { ts, level, task_id, logger, message, extra = '', exception } = entry;
	const columns: readonly (readonly [string, string | undefined])[] = [
		['time', formatTimestamp(ts, zone)],
		['level', level],
		['task', task_id],
		['logger', logger === '' ? undefined : logger],
		['message', message],
		...leavesOf(parseJson(extra), extra, []),
		['traceback', exception],
	];
	return new Map(columns.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

/** The values that are no objects, arrays as they were written. */
function leavesOf(
	node: JsonNode | undefined,
	json: string,
	path: readonly string[],
): readonly (readonly [string, string])[] {
	if (node === undefined) {
		return [];
	}
	return node.kind === 'object'
		? node.members.flatMap(({ key, value }) => leavesOf(value, json, [...path, key]))
		: [[fieldName({ path }), textOf(node, json)]];
}

import { parseJson } from '#shared/json/parse-json.ts';
import { canonicalLevel } from '#shared/model/level.ts';
import { parseTime } from '../../pipeline/parse-time.ts';
import { jsonOfRepr } from '../../pipeline/python-repr.ts';
import type { StoredEntry } from '../log-storage.ts';
import { splitOrigin } from './entry-origin.ts';
import { timeOfId } from './stream-id.ts';

/** An entry of the stream, as the server sends it: its id, then names and values in turn. */
export type StreamEntry = readonly [id: string, fields: readonly string[]];

/** An entry that was read, and what it is recognised by when it is there a second time. */
export interface ReadEntry {
	readonly entry: StoredEntry;
	/** `writer:number`; `undefined` for what others wrote. */
	readonly origin: string | undefined;
}

/** The time of an entry alone: what `readFields` says is its `ts`. */
export function readTime([id, fields]: StreamEntry): number {
	let written: string | undefined;
	for (let index = 0; index + 1 < fields.length; index += 2) {
		if (fields[index] === 'ts') {
			written = fields[index + 1];
		}
	}
	return parseTime(written, 'utc') ?? timeOfId(id);
}

/**
 * Reads an entry of the stream: one of ours exactly as it was written, or one that a Python node
 * wrote with `xadd(key, entry.__dict__)` and whatever it made strings of.
 *
 * - `ts`: `str(datetime)`, `isoformat()`, seconds or milliseconds as a number; without a zone it is
 *   UTC. Where it is none, the time of the id counts, and what stood there goes into `extra`.
 * - `level`: `INFO` where there is none.
 * - `task_id`: none if empty, `None` or `null`, as Python and JSON write nothing.
 * - `extra`: a JSON object or the `repr` of a dict; any other text is the member `extra` of one.
 * - Fields that AsyncZ does not know are added to `extra`.
 * - Without a `message` it is no log entry: it is shown as the JSON of its fields, with the problem.
 *
 * Bytes that are no UTF-8 are U+FFFD.
 */
export function readFields(source: StreamEntry): ReadEntry {
	const [id, names] = source;
	const fields = new Map<string, string>();
	for (let index = 0; index + 1 < names.length; index += 2) {
		fields.set(names[index] ?? '', names[index + 1] ?? '');
	}
	const message = fields.get('message');
	const ts = readTime(source);
	if (message === undefined) {
		const text = `{${[...fields].map(memberText).join(', ')}}`;
		const problem =
			'This entry of the stream has no field message: it was not written as a log entry, or by a program with other names.';
		return {
			entry: { id, ts, level: 'INFO', message: text, logger: '', problem },
			origin: undefined,
		};
	}
	const written = fields.get('extra') ?? '';
	const own = splitOrigin(written);
	const task = fields.get('task_id');
	const taskId = own === undefined && isNothing(task) ? undefined : task;
	const extra = own === undefined ? othersExtra(written, fields) : own.extra;
	return {
		entry: {
			id,
			ts,
			level: own === undefined ? readLevel(fields.get('level')) : (fields.get('level') ?? ''),
			message,
			logger: textOf(fields.get('logger')),
			...(taskId === undefined ? {} : { task_id: taskId }),
			...(extra === undefined ? {} : { extra }),
		},
		origin: own?.origin,
	};
}

const KNOWN = new Set(['ts', 'level', 'message', 'logger', 'task_id', 'extra']);

/** What stands in `extra`, with what else the entry has that no column shows. */
function othersExtra(text: string, fields: ReadonlyMap<string, string>): string | undefined {
	const object = objectOf(text);
	const members = [...fields].filter(
		([name, value]) => !KNOWN.has(name) || (name === 'ts' && isUnreadableTime(value)),
	);
	if (members.length === 0) {
		return object;
	}
	const added = members.map(memberText).join(', ');
	const inner = object?.trimEnd().slice(0, -1);
	return inner === undefined || inner.trim() === '{' ? `{${added}}` : `${inner}, ${added}}`;
}

function objectOf(text: string): string | undefined {
	if (isNothing(text)) {
		return undefined;
	}
	if (isJson(text)) {
		return text.trimStart().startsWith('{') ? text : `{"extra": ${text}}`;
	}
	return jsonOfRepr(text) ?? `{"extra": ${JSON.stringify(text)}}`;
}

function isJson(text: string): boolean {
	try {
		// Many times faster; what it refuses may still have Python's NaN in it.
		JSON.parse(text);
		return true;
	} catch {
		return parseJson(text) !== undefined;
	}
}

function readLevel(text: string | undefined): string {
	return isNothing(text) ? 'INFO' : canonicalLevel(text?.trim() ?? '');
}

function isUnreadableTime(text: string): boolean {
	return !isNothing(text) && parseTime(text, 'utc') === undefined;
}

function textOf(text: string | undefined): string {
	return text === undefined || text === 'None' ? '' : text;
}

function isNothing(text: string | undefined): boolean {
	return text === undefined || text === '' || text === 'None' || text === 'null';
}

function memberText([name, value]: readonly [string, string]): string {
	return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}

import { parseJson } from '../json/parse-json.ts';
import type { LogEntry } from '../model/entry.ts';
import { formatRecordTime } from './format-time.ts';

/** What a record is made of. */
export interface RecordParts extends Pick<LogEntry, 'ts' | 'level' | 'message' | 'logger' | 'raw'> {
	readonly task_id?: string | undefined;
	/** JSON text of an object. */
	readonly extra?: string | undefined;
	readonly extraProblem?: string | undefined;
	readonly exception?: string | undefined;
}

/** Where a traceback goes: the first of these that `extra` does not have yet. */
const EXCEPTION_KEYS = ['exception', 'traceback', 'exc_text', 'stack_trace'] as const;

/**
 * An entry as AsyncZ writes its records: six keys, so that `LogEntry(**json.loads(line))` takes it.
 * `extra` is put in as it was written: no number goes through a JavaScript number. A traceback that
 * stands nowhere else is added to it.
 */
export function recordJson(entry: RecordParts): string {
	const fields = [
		['ts', JSON.stringify(formatRecordTime(entry.ts))],
		['level', JSON.stringify(entry.level)],
		['message', JSON.stringify(entry.message)],
		['logger', JSON.stringify(entry.logger)],
		['task_id', JSON.stringify(entry.task_id ?? null)],
		['extra', recordExtra(entry) ?? 'null'],
	];
	return `{${fields.map(([key, json]) => `"${key}": ${json}`).join(', ')}}`;
}

/**
 * What `extra` is in such a record: JSON text of an object with the traceback in it, `undefined` if
 * there is nothing to put in.
 */
export function recordExtra({
	extra,
	extraProblem,
	exception,
	raw,
}: Pick<RecordParts, 'extra' | 'extraProblem' | 'exception' | 'raw'>): string | undefined {
	if (extraProblem !== undefined) {
		// Nobody could take it apart: the line itself has all of it.
		return `{"line": ${JSON.stringify(raw)}}`;
	}
	if (exception === undefined || hasText(extra, exception)) {
		return extra;
	}
	const text = JSON.stringify(exception);
	const root = extra === undefined ? undefined : parseJson(extra);
	if (extra === undefined || root?.kind !== 'object' || root.members.length === 0) {
		return `{"exception": ${text}}`;
	}
	const taken = new Set(root.members.map(({ key }) => key));
	const key = EXCEPTION_KEYS.find((name) => !taken.has(name)) ?? 'exception';
	return `${extra.slice(0, root.end - 1)}, "${key}": ${text}}`;
}

function hasText(json: string | undefined, text: string): boolean {
	return json !== undefined && json.includes(JSON.stringify(text).slice(1, -1));
}

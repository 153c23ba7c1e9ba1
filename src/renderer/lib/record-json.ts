import type { LogEntry } from '#shared/model/entry.ts';
import { formatRecordTime } from './format-time.ts';

/**
 * An entry as AsyncZ writes its records. `extra` is put in as it was written: no number goes
 * through a JavaScript number. A traceback that stands nowhere else follows as `exception`.
 */
export function recordJson(entry: LogEntry): string {
	if (entry.extraProblem !== undefined) {
		return entry.raw; // it is JSON, only nobody could take it apart
	}
	const fields = [
		['ts', JSON.stringify(formatRecordTime(entry.ts))],
		['level', JSON.stringify(entry.level)],
		['message', JSON.stringify(entry.message)],
		['logger', JSON.stringify(entry.logger)],
		['task_id', JSON.stringify(entry.task_id ?? null)],
		['extra', entry.extra ?? 'null'],
	];
	if (entry.exception !== undefined && !hasText(entry.extra, entry.exception)) {
		fields.push(['exception', JSON.stringify(entry.exception)]);
	}
	return `{${fields.map(([key, json]) => `"${key}": ${json}`).join(', ')}}`;
}

function hasText(json: string | undefined, text: string): boolean {
	return json !== undefined && json.includes(JSON.stringify(text).slice(1, -1));
}

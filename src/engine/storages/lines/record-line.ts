import { recordJson } from '#shared/format/record-json.ts';
import type { NewEntry } from '../log-storage.ts';

/**
 * An entry as one line of a file, with its line end: AsyncZ's record, which `jq` reads, and Python's
 * `LogEntry(**json.loads(line))`. Half a character is written as its escape.
 */
export function recordLine({ ts, level, message, logger, task_id, extra }: NewEntry): string {
	const parts = { ts, level, message, logger, task_id, extra: oneLine(extra), raw: '' };
	return `${recordJson(parts)}\n`;
}

/** In JSON a line end can only stand between values. */
function oneLine(json: string | undefined): string | undefined {
	return json !== undefined && /[\r\n]/.test(json) ? json.replaceAll(/[\r\n]+/g, ' ') : json;
}

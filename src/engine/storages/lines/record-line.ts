import { recordJson } from '#shared/format/record-json.ts';
import type { NewEntry } from '../log-storage.ts';

/** An escaped pair, an escaped half of one, or any other escape. */
const ESCAPE = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u(d[89a-f][\da-f]{2})|[^])/gi;

/**
 * An entry as one line of a file, with its line end: AsyncZ's record, which `jq` reads, and Python's
 * `LogEntry(**json.loads(line))`. Half a character becomes U+FFFD, for `jq` refuses its escape.
 */
export function recordLine(entry: NewEntry): string {
	const { ts, task_id, extra } = entry;
	return `${recordJson({
		ts,
		level: entry.level.toWellFormed(),
		message: entry.message.toWellFormed(),
		logger: entry.logger.toWellFormed(),
		task_id: task_id?.toWellFormed(),
		extra: extra === undefined ? undefined : oneLine(wholeCharacters(extra)),
		raw: '',
	})}\n`;
}

/** In JSON a line end can only stand between values. */
function oneLine(json: string): string {
	return /[\r\n]/.test(json) ? json.replaceAll(/[\r\n]+/g, ' ') : json;
}

function wholeCharacters(json: string): string {
	return /\\ud/i.test(json)
		? json.replaceAll(ESCAPE, (escape, half?: string) => (half === undefined ? escape : '\\ufffd'))
		: json;
}

import { formatRecordTime } from '#shared/format/format-time.ts';
import type { NewEntry } from '../log-storage.ts';

/** An escaped pair, an escaped half of one, or any other escape. */
const ESCAPE = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u(d[89a-f][\da-f]{2})|[^])/gi;

/**
 * An entry as one line of a file, with its line end: AsyncZ's record, which `jq` reads, and Python's
 * `LogEntry(**json.loads(line))`. Half a character becomes U+FFFD, for `jq` refuses its escape. It
 * is what `recordJson` makes of the entry, in half the time.
 */
export function recordLine({ ts, level, message, logger, task_id, extra }: NewEntry): string {
	const task = task_id === undefined ? 'null' : quoted(task_id);
	const fields = extra === undefined ? 'null' : oneLine(wholeCharacters(extra));
	return `{"ts": "${timeOf(ts)}", "level": ${quoted(level)}, "message": ${quoted(message)}, "logger": ${quoted(logger)}, "task_id": ${task}, "extra": ${fields}}\n`;
}

function quoted(text: string): string {
	return JSON.stringify(text.toWellFormed());
}

/** Most entries are of the second of the one before. */
let known = { second: Number.NaN, text: '' };

function timeOf(ts: number): string {
	const second = Math.floor(ts / 1e6);
	const micros = ts - second * 1e6;
	if (micros === 0 || !Number.isSafeInteger(ts)) {
		return formatRecordTime(ts);
	}
	if (second !== known.second) {
		known = { second, text: formatRecordTime(second * 1e6).replace('+00:00', '') };
	}
	return `${known.text}.${String(micros).padStart(6, '0')}+00:00`;
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

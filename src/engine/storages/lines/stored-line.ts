import { EntryFlag } from '#shared/model/entry.ts';
import { decodeEntry } from '../../pipeline/decode-entry.ts';
import { readDetails } from '../../pipeline/details.ts';
import { TASK_PATHS } from '../../pipeline/formats/format.ts';
import { parseTime } from '../../pipeline/parse-time.ts';
import type { StoredEntry } from '../log-storage.ts';

/** What a line says: an entry that has no id yet. */
export type LineEntry = Omit<StoredEntry, 'id' | 'seq'>;

const NO_OBJECT = 'This line is no JSON object: it is shown as it stands in the file.';

/**
 * Reads a line, without its end. AsyncZ's record, as AsyncZ and `recordLine` write it, comes back as
 * it was written; everything else is read as the app reads any log, and what is no JSON object is an
 * entry with a `problem`. No entries: the line is blank, or nothing but NULs. `arrival`: the time of
 * an entry that names none.
 */
export function entriesOfLine(line: string, arrival: number): readonly LineEntry[] {
	const record = asyncZRecord(line);
	if (record !== undefined) {
		return [record];
	}
	return /^[\0\s]*$/.test(line) ? [] : otherEntries(line, arrival);
}

/** The time of the entry in a line that begins like AsyncZ's record, `undefined` for all others. */
export function timeOfLine(line: string): number | undefined {
	return line.startsWith(BEGIN)
		? parseTime(line.slice(BEGIN.length, line.indexOf('"', BEGIN.length)), 'utc')
		: undefined;
}

function otherEntries(line: string, arrival: number): readonly LineEntry[] {
	const context = { arrival };
	return decodeEntry(line, context).map((entry, part) => {
		const { ts, level, message, logger, task_id, flags } = entry;
		const { extra, extraProblem, quarantine } = readDetails(line, part, context);
		const isText = (flags & EntryFlag.plainText) !== 0;
		const problem = quarantine ?? extraProblem ?? (isText ? NO_OBJECT : undefined);
		return {
			ts,
			level,
			message,
			logger,
			...(task_id === undefined ? {} : { task_id }),
			...(extra === undefined ? {} : { extra }),
			raw: line.toWellFormed(),
			...(problem === undefined ? {} : { problem }),
		};
	});
}

const BEGIN = '{"ts": "';

/** Keys in `extra` that name the task where the record itself does not. */
const TASK_KEYS = TASK_PATHS.filter(([outer, key]) => outer === 'extra' && key !== undefined).map(
	([, key]) => `"${key}"`,
);

/**
 * The record by its exact form: the app's own reader would do, but takes several times as long.
 * `undefined` where anything is unusual.
 */
function asyncZRecord(line: string): LineEntry | undefined {
	if (!line.startsWith(BEGIN)) {
		return undefined;
	}
	const reader = new Reader(line, BEGIN.length - 1);
	const time = reader.text();
	const level = reader.skip(', "level": ') ? reader.text() : undefined;
	const message = reader.skip(', "message": ') ? reader.text() : undefined;
	const logger = reader.skip(', "logger": ') ? reader.text() : undefined;
	const hasTask = reader.skip(', "task_id": ');
	const task = hasTask && !reader.skip('null') ? reader.text() : undefined;
	if (time === undefined || level === undefined || message === undefined || logger === undefined) {
		return undefined;
	}
	const ts = parseTime(time, 'utc');
	const extra = reader.skip(', "extra": ') ? reader.rest() : undefined;
	if (ts === undefined || extra === undefined || level.trim() === '') {
		return undefined;
	}
	const isTaskInside = task === undefined && TASK_KEYS.some((key) => extra.includes(key));
	if (!hasTask || isTaskInside || !isObjectOrNull(extra)) {
		return undefined;
	}
	const entry = { ts, level: level.trim().toUpperCase(), message, logger };
	const known = extra === 'null' || extra === '{}' ? entry : { ...entry, extra };
	return task === undefined || task === '' ? known : { ...known, task_id: task };
}

function isObjectOrNull(json: string): boolean {
	if (json === 'null') {
		return true;
	}
	if (!json.startsWith('{')) {
		return false;
	}
	try {
		JSON.parse(json);
		return true;
	} catch {
		return false;
	}
}

/** Goes through a line that is expected to look exactly so. */
class Reader {
	readonly #line: string;
	#at: number;

	constructor(line: string, at: number) {
		this.#line = line;
		this.#at = at;
	}

	/** Steps over a text, if it stands here. */
	skip(text: string): boolean {
		const isHere = this.#line.startsWith(text, this.#at);
		this.#at += isHere ? text.length : 0;
		return isHere;
	}

	/** Reads a string in quotes, `undefined` if none stands here. */
	text(): string | undefined {
		const line = this.#line;
		const start = this.#at;
		if (line[start] !== '"') {
			return undefined;
		}
		let end = line.indexOf('"', start + 1);
		while (end !== -1 && isEscaped(line, end)) {
			end = line.indexOf('"', end + 1);
		}
		if (end === -1) {
			return undefined;
		}
		this.#at = end + 1;
		const inside = line.slice(start + 1, end);
		if (!inside.includes('\\')) {
			return inside;
		}
		try {
			return (JSON.parse(line.slice(start, end + 1)) as string).toWellFormed();
		} catch {
			return undefined;
		}
	}

	/** What is left, without the bracket that ends the record. */
	rest(): string | undefined {
		return this.#line.endsWith('}') ? this.#line.slice(this.#at, -1) : undefined;
	}
}

function isEscaped(line: string, quote: number): boolean {
	let at = quote - 1;
	while (line[at] === '\\') {
		at--;
	}
	return (quote - at) % 2 === 0;
}

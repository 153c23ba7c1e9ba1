import { isRecord, stringAt, valueAt } from '../json-record.ts';
import type { JsonRecord, Path } from '../json-record.ts';

// Spaces and tabs by name: `\s` would cross the line end and search the rest once for each line.
const FRAME = /^[ \t]*(?:File "|at |> File )|^Traceback /m;

/** The first string of these that is not blank, whatever it says. */
export function textAt(...places: readonly Path[]): (record: JsonRecord) => string | undefined {
	return (record) => {
		for (const path of places) {
			const text = stringAt(record, path);
			if (text !== undefined) {
				return text;
			}
		}
		return undefined;
	};
}

/** The texts of these that are there, one below the other: zap's `error` and its `stacktrace`. */
export function textsAt(...places: readonly Path[]): (record: JsonRecord) => string | undefined {
	return (record) => joined(places.map((path) => stringAt(record, path)));
}

/** An error as an object with its stack, as bunyan and pino write it. */
export function errorAt(...places: readonly Path[]): (record: JsonRecord) => string | undefined {
	return (record) => {
		for (const path of places) {
			const value = valueAt(record, path);
			const text = isRecord(value) ? errorText(value) : stringAt(record, path);
			if (text !== undefined) {
				return text;
			}
		}
		return undefined;
	};
}

function errorText(error: JsonRecord): string | undefined {
	return (
		stringAt(error, ['stack']) ??
		errorLine(stringAt(error, ['type']) ?? stringAt(error, ['name']), stringAt(error, ['message']))
	);
}

/** The last line of a traceback. */
export function errorLine(
	type: string | undefined,
	message: string | undefined,
): string | undefined {
	return type === undefined || message === undefined ? (type ?? message) : `${type}: ${message}`;
}

/** An exception in three fields; the stack alone if it names the exception already. */
export function threeFields(
	type: string | undefined,
	message: string | undefined,
	stack: string | undefined,
): string | undefined {
	const line = errorLine(type, message);
	return line !== undefined && stack?.includes(line) ? stack : joined([stack, line]);
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
	const found = texts.filter((text) => text !== undefined);
	return found.length === 0 ? undefined : found.map((text) => text.trimEnd()).join('\n');
}

/** Where loggers of no known format put an exception. */
export const EXCEPTION_KEYS = [
	'exception',
	'exc_info',
	'exc_text',
	'traceback',
	'stack_trace',
	'stacktrace',
	'stack',
	'stack_info',
	'err',
	'error',
] as const;

/** The first text with the lines of a traceback, at top level, in `extra` or in an error object. */
export function anyTraceback(record: JsonRecord): string | undefined {
	for (const place of [record, record['extra']]) {
		if (isRecord(place)) {
			for (const key of EXCEPTION_KEYS) {
				const value = place[key];
				const text = isRecord(value) ? (value['stack'] ?? value['traceback']) : value;
				if (typeof text === 'string' && FRAME.test(text)) {
					return text;
				}
			}
		}
	}
	return undefined;
}

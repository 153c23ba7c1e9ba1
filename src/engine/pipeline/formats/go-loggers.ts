import { LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS, anyLevel } from './aliases.ts';
import { isRecord } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { textAt } from './exceptions.ts';
import { defineFormat, isString } from './format.ts';
import type { Format } from './format.ts';

const SLOG_LEVEL = /^(?:DEBUG|INFO|WARN|ERROR)(?:[+-]\d+)?$/;
const LOGRUS_LEVEL = /^(?:trace|debug|info|warning|error|fatal|panic)$/;

/** Go's own `log/slog`; levels between its four are written `INFO+2`. */
export const slog = goLogger('slog', ['msg'], (record) => hasLevel(record, SLOG_LEVEL));

export const logrus = goLogger('logrus', ['msg'], (record) => hasLevel(record, LOGRUS_LEVEL));

/** zerolog: seconds as an integer, unless `TimeFieldFormat` was set otherwise. */
export const zerolog: Format = {
	...goLogger(
		'zerolog',
		['message'],
		(record) => isString(record['level']) && 'message' in record && 'time' in record,
	),
	exception: (record) => {
		const lines = [textAt(['error'])(record), ...stackLines(record['stack'])];
		const found = lines.filter((line) => line !== undefined);
		return found.length === 0 ? undefined : found.join('\n');
	},
};

function goLogger(name: string, signs: readonly string[], matches: Format['matches']): Format {
	return defineFormat({
		name,
		signs,
		matches,
		time: [['time'], ...TIME_PATHS],
		level: anyLevel,
		message: [...signs.map((key) => [key]), ...MESSAGE_PATHS],
		logger: LOGGER_PATHS,
		exception: textAt(['error'], ['err']),
	});
}

function hasLevel(record: JsonRecord, pattern: RegExp): boolean {
	const { time, level } = record;
	return isString(time) && 'msg' in record && isString(level) && pattern.test(level);
}

/** The stack of `pkgerrors`: a list of `{func, line, source}`. */
function stackLines(stack: unknown): readonly string[] {
	if (isString(stack)) {
		return [stack];
	}
	return Array.isArray(stack)
		? stack
				.filter(isRecord)
				.map(({ func, line, source }) => `    at ${text(func)} (${text(source)}:${text(line)})`)
		: [];
}

function text(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}

import { isRecord, valueAt } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS, anyLevel } from './aliases.ts';
import { anyTraceback, textAt } from './exceptions.ts';
import { defineFormat, isNumber, isString, paths } from './format.ts';
import { always, firstOf, pythonLevel } from './levels.ts';
import { tracebackText } from './structlog-traceback.ts';

/** `LogRecord.__dict__` of Python's logging, as its SocketHandler sends it. */
export const logRecord = defineFormat({
	name: 'Python LogRecord',
	signs: ['levelno'],
	matches: (record) => isNumber(record['levelno']) && isNumber(record['created']),
	time: paths('created', 'asctime'),
	level: firstOf(pythonLevel(['levelname'], ['levelno']), always('INFO')),
	message: paths('message', 'msg'),
	logger: paths('name'),
	exception: textAt(['exc_text'], ['exc_info'], ['stack_info']),
});

/** structlog's JSONRenderer. */
export const structlog = defineFormat({
	name: 'structlog',
	signs: ['event'],
	matches: (record) =>
		isString(record['event']) &&
		('level' in record || 'timestamp' in record || 'log_level' in record),
	time: [['timestamp'], ...TIME_PATHS],
	level: anyLevel,
	message: [['event'], ...MESSAGE_PATHS],
	logger: LOGGER_PATHS,
	exception: (record) => structlogException(record) ?? anyTraceback(record),
});

/** Text, or what `dict_tracebacks` makes of an exception. `exc_info: true` says nothing. */
function structlogException(record: JsonRecord): string | undefined {
	const value = valueAt(record, ['exception']);
	return isString(value) ? value : tracebackText(value);
}

/** python-json-logger, and other formatters that keep the names of Python's LogRecord. */
export const pythonJsonLogger = defineFormat({
	name: 'python-json-logger',
	signs: ['levelname', 'asctime', 'exc_info'],
	matches: (record) =>
		'levelname' in record || 'asctime' in record || ('message' in record && 'exc_info' in record),
	time: TIME_PATHS,
	level: anyLevel,
	message: MESSAGE_PATHS,
	logger: LOGGER_PATHS,
	exception: (record) =>
		textAt(['exc_info'], ['exc_text'], ['stack_info'])(record) ?? anyTraceback(record),
});

/** What has the keys of no known format: columns by the names that loggers commonly use. */
export const generic = defineFormat({
	name: 'JSON',
	signs: [],
	matches: isRecord,
	time: TIME_PATHS,
	level: anyLevel,
	message: MESSAGE_PATHS,
	logger: LOGGER_PATHS,
	exception: (record) => anyTraceback(record) ?? tracebackText(record['exception']),
});

import { LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS, anyLevel } from './aliases.ts';
import { anyTraceback, errorAt } from './exceptions.ts';
import { defineFormat, isNumber, isString } from './format.ts';
import { always, firstOf, pinoScale, scaled } from './levels.ts';

const numericLevel = firstOf(scaled(pinoScale, ['level']), always('INFO'));

/** bunyan, whose records have a version. */
export const bunyan = defineFormat({
	name: 'bunyan',
	signs: ['v'],
	matches: (record) =>
		record['v'] === 0 &&
		isNumber(record['level']) &&
		isString(record['time']) &&
		isString(record['name']),
	time: TIME_PATHS,
	level: numericLevel,
	message: [['msg'], ...MESSAGE_PATHS],
	logger: [['name']],
	exception: errorAt(['err']),
});

/** pino: milliseconds as an integer, unless its `timestamp` was set otherwise. */
export const pino = defineFormat({
	name: 'pino',
	signs: ['level'],
	matches: (record) =>
		isNumber(record['level']) &&
		'time' in record &&
		('pid' in record || 'hostname' in record || 'msg' in record || record['v'] === 0),
	time: [['time'], ...TIME_PATHS],
	level: numericLevel,
	message: [['msg'], ...MESSAGE_PATHS],
	logger: LOGGER_PATHS,
	exception: (record) => errorAt(['err'], ['error'])(record) ?? anyTraceback(record),
});

/** winston; what has a level and a message and nothing that tells it from others. */
export const winston = defineFormat({
	name: 'winston',
	signs: ['message'],
	matches: (record) => isString(record['level']) && 'message' in record,
	time: TIME_PATHS,
	level: anyLevel,
	message: MESSAGE_PATHS,
	logger: LOGGER_PATHS,
	exception: (record) => errorAt(['stack'])(record) ?? anyTraceback(record),
});

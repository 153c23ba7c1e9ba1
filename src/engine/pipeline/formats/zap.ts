import { LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS, anyLevel } from './aliases.ts';
import { textsAt } from './exceptions.ts';
import { defineFormat, isNumber, isString, paths } from './format.ts';
import { always, firstOf, named } from './levels.ts';

/** zap in production: seconds as a float, unless its encoder was told otherwise. */
export const zap = defineFormat({
	name: 'zap',
	signs: ['ts'],
	matches: (record) =>
		(isNumber(record['ts']) || isString(record['ts'])) &&
		isString(record['level']) &&
		'msg' in record,
	time: TIME_PATHS,
	level: anyLevel,
	message: [['msg'], ...MESSAGE_PATHS],
	logger: LOGGER_PATHS,
	exception: textsAt(['error'], ['stacktrace']),
});

/** zap in development, where its JSON encoder is used. */
export const zapDevelopment = defineFormat({
	name: 'zap',
	signs: ['L'],
	matches: (record) => 'L' in record && 'T' in record && 'M' in record,
	time: paths('T'),
	level: firstOf(named(['L']), always('INFO')),
	message: paths('M'),
	logger: paths('N'),
	exception: textsAt(['error'], ['S']),
});

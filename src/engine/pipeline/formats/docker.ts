import { defineFormat, isString, paths } from './format.ts';
import { always } from './levels.ts';

/** Docker's json-file driver: each line of a program in a record of its own. */
export const docker = defineFormat({
	name: 'Docker',
	signs: ['log'],
	matches: (record) =>
		isString(record['log']) &&
		(record['stream'] === 'stdout' || record['stream'] === 'stderr') &&
		isString(record['time']),
	time: paths('time'),
	level: always('INFO'),
	message: paths('log'),
	logger: [],
	task: [],
});

import { isRecord } from '../json-record.ts';
import { textAt } from './exceptions.ts';
import { defineFormat, isString } from './format.ts';
import { always, firstOf, named } from './levels.ts';

/** The JSON of Rust's `tracing-subscriber`. */
export const tracing = defineFormat({
	name: 'Rust tracing',
	signs: ['fields'],
	matches: (record) =>
		isRecord(record['fields']) && isString(record['target']) && isString(record['level']),
	time: [['timestamp']],
	level: firstOf(named(['level']), always('INFO')),
	message: [['fields', 'message']],
	logger: [['target']],
	opened: [['fields']],
	exception: textAt(['fields', 'error']),
});

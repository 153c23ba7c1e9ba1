import { isRecord, stringAt, valueAt } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { errorLine } from './exceptions.ts';
import { defineFormat } from './format.ts';
import { always, firstOf, monologScale, named, scaled } from './levels.ts';

/** PHP's Monolog. */
export const monolog = defineFormat({
	name: 'Monolog',
	signs: ['level_name'],
	matches: (record) => 'level_name' in record && 'channel' in record,
	time: [['datetime'], ['datetime', 'date']],
	level: firstOf(named(['level_name']), scaled(monologScale, ['level']), always('INFO')),
	message: [['message']],
	logger: [['channel']],
	opened: [['context'], ['extra']],
	hidden: [['level']],
	exception,
});

function exception(record: JsonRecord): string | undefined {
	const error = valueAt(record, ['context', 'exception']);
	if (!isRecord(error)) {
		return stringAt(record, ['context', 'exception']);
	}
	const line = errorLine(stringAt(error, ['class']), stringAt(error, ['message']));
	const file = stringAt(error, ['file']);
	const trace = Array.isArray(error['trace']) ? (error['trace'] as unknown[]) : [error['trace']];
	const frames = [file, ...trace].filter((frame) => typeof frame === 'string');
	return line === undefined
		? undefined
		: [line, ...frames.map((frame) => `    at ${frame}`)].join('\n');
}

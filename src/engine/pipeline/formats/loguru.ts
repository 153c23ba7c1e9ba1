import { isRecord, stringAt, valueAt } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { errorLine } from './exceptions.ts';
import { defineFormat, isString } from './format.ts';
import { always, firstOf, pythonLevel } from './levels.ts';

/** loguru with `serialize=True`: the formatted line, and the record it was made of. */
export const loguru = defineFormat({
	name: 'loguru',
	signs: ['record'],
	matches: ({ text, record }) =>
		isString(text) && isRecord(record) && isRecord(record['level']) && isRecord(record['time']),
	time: [
		['record', 'time', 'timestamp'],
		['record', 'time', 'repr'],
	],
	level: firstOf(
		pythonLevel(['record', 'level', 'name'], ['record', 'level', 'no']),
		always('INFO'),
	),
	message: [['record', 'message'], ['text']],
	// AsyncZ up to 0.15 binds its logger's name there.
	logger: [
		['record', 'extra', 'name'],
		['record', 'name'],
	],
	opened: [['record'], ['record', 'extra']],
	hidden: [['text'], ['record', 'time'], ['record', 'level']],
	exception,
});

/** The traceback stands in the formatted text only. */
function exception(record: JsonRecord): string | undefined {
	const error = valueAt(record, ['record', 'exception']);
	if (!isRecord(error)) {
		return undefined;
	}
	const text = stringAt(record, ['text']) ?? '';
	const start = text.indexOf('Traceback (most recent call last):');
	return start === -1
		? errorLine(stringAt(error, ['type']), stringAt(error, ['value']))
		: text.slice(start);
}

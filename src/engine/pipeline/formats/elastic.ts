import { isRecord, stringAt, valueAt } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { textAt, threeFields } from './exceptions.ts';
import { TASK_PATHS, defineFormat } from './format.ts';
import { always, firstOf, logbackScale, named, scaled } from './levels.ts';

/** Elastic Common Schema. Each of its names may be one dotted key or objects in objects. */
export const ecs = defineFormat({
	name: 'ECS',
	signs: ['@timestamp'],
	matches: (record) =>
		'@timestamp' in record &&
		('ecs.version' in record ||
			isRecord(record['ecs']) ||
			'log.level' in record ||
			(isRecord(record['log']) && 'level' in record['log'])),
	time: [['@timestamp']],
	level: firstOf(named(['log.level'], ['log', 'level'], ['level']), always('INFO')),
	message: [['message']],
	logger: [['log.logger'], ['log', 'logger']],
	task: [...TASK_PATHS, ...TASK_PATHS.slice(0, 3).map((path) => ['labels', ...path])],
	exception: (record) =>
		threeFields(
			ecsText(record, 'error', 'type'),
			ecsText(record, 'error', 'message'),
			ecsText(record, 'error', 'stack_trace'),
		),
});

function ecsText(record: JsonRecord, outer: string, inner: string): string | undefined {
	return stringAt(record, [`${outer}.${inner}`]) ?? stringAt(record, [outer, inner]);
}

/** logback's encoder and python-logstash; version 0 has all but the message in `@fields`. */
export const logstash = defineFormat({
	name: 'Logstash',
	signs: ['@timestamp'],
	matches: (record) =>
		'@timestamp' in record && ('@version' in record || isRecord(record['@fields'])),
	time: [['@timestamp']],
	level: firstOf(
		named(['level'], ['levelname'], ['@fields', 'levelname'], ['@fields', 'level'], ['severity']),
		scaled(logbackScale, ['level_value']),
		always('INFO'),
	),
	message: [['message'], ['@message']],
	logger: [['logger_name'], ['logger'], ['@fields', 'logger'], ['@fields', 'name']],
	opened: [['@fields']],
	exception: (record) =>
		textAt(
			['stack_trace'],
			['exc_info'],
			['@fields', 'exc_info'],
			['@fields', 'stack_trace'],
		)(record) ?? firstText(valueAt(record, ['exc_info'])),
});

/** python-logstash writes some stacks as a list of lines. */
function firstText(value: unknown): string | undefined {
	return Array.isArray(value) && value.every((item) => typeof item === 'string')
		? value.join('')
		: undefined;
}

import { severityOf } from '#shared/model/level.ts';
import type { JsonRecord } from '../json-record.ts';
import { LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS, anyLevel } from './aliases.ts';
import { anyTraceback } from './exceptions.ts';
import { defineFormat, isString } from './format.ts';
import type { FoundLevel } from './format.ts';

const LEVEL = ['level'] as const;

/** AsyncZ's own record. Its times without a zone are UTC, its levels stay as they are. */
export const asyncz = defineFormat({
	name: 'AsyncZ',
	signs: ['ts'],
	matches: (record) =>
		isString(record['ts']) &&
		isString(record['level']) &&
		isString(record['message']) &&
		isString(record['logger']) &&
		('task_id' in record || 'extra' in record),
	time: TIME_PATHS,
	zoneless: 'utc',
	level: exactLevel,
	message: MESSAGE_PATHS,
	logger: LOGGER_PATHS,
	opened: [['extra']],
	exception: anyTraceback,
});

/** WARN is not WARNING to AsyncZ: its exact filter finds what it would find. */
function exactLevel(record: JsonRecord): FoundLevel | undefined {
	const level = String(record['level']).trim().toUpperCase();
	return level === '' ? anyLevel(record) : { level, severity: severityOf(level), path: LEVEL };
}

import type { FoundLevel, LevelReader } from './format.ts';
import { paths } from './format.ts';
import { firstOf, named, pythonLevel } from './levels.ts';
import { valueAt } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';

/** The key names of the common loggers, most specific first. */
export const TIME_PATHS = paths(
	'ts',
	'time',
	'timestamp',
	'@timestamp',
	'datetime',
	'date',
	// Before `asctime`, which has no zone: Python's LogRecord may have both.
	'created',
	'asctime',
	'eventTime',
);

export const LEVEL_PATHS = paths('level', 'levelname', 'severity', 'lvl', 'log_level', 'loglevel');

export const MESSAGE_PATHS = paths('message', 'msg', 'event', 'text', 'log', 'body');

export const LOGGER_PATHS = paths(
	'logger',
	'name',
	'logger_name',
	'channel',
	'target',
	'label',
	'service',
	'category',
);

/**
 * A level by any of its names. A bare number means something else to every logger, so that it is
 * shown as it is and ordered as INFO; only `levelno` is on a scale that its name tells.
 */
export const anyLevel: LevelReader = firstOf(
	named(...LEVEL_PATHS),
	pythonLevel(['levelname'], ['levelno']),
	bareNumber,
);

function bareNumber(record: JsonRecord): FoundLevel | undefined {
	for (const path of LEVEL_PATHS) {
		const value = valueAt(record, path);
		if (typeof value === 'number') {
			return { level: String(value), severity: 20, path };
		}
	}
	return undefined;
}

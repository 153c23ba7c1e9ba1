import { LEVEL_PATHS, LOGGER_PATHS, MESSAGE_PATHS, TIME_PATHS } from './formats/aliases.ts';
import { anyTraceback } from './formats/exceptions.ts';
import { TASK_PATHS, defineFormat } from './formats/format.ts';
import { named } from './formats/levels.ts';
import { readRecord, stringAt } from './json-record.ts';
import type { ParsedRecord } from './json-record.ts';
import { jsonOfRepr } from './python-repr.ts';

/** A record that stands as text in the message of another one: its numbers have no known scale. */
export const rescued = defineFormat({
	name: 'structlog',
	signs: [],
	matches: () => false,
	time: TIME_PATHS,
	level: named(...LEVEL_PATHS),
	message: MESSAGE_PATHS,
	logger: LOGGER_PATHS,
	task: TASK_PATHS,
	exception: anyTraceback,
});

/**
 * The record that a message is, if it begins with `{` and is one: a JSON object with a message of
 * its own, or the Python dict that structlog hands to `logging` where its renderer was left out.
 */
export function rescueRecord(message: string): ParsedRecord | undefined {
	if (message.charCodeAt(0) !== 0x7b) {
		return undefined;
	}
	const record = readRecord(message);
	if (record !== undefined) {
		return MESSAGE_PATHS.some((path) => stringAt(record.value, path) !== undefined)
			? record
			: undefined;
	}
	const json = message.includes("'event'") ? jsonOfRepr(message) : undefined;
	const dict = json === undefined ? undefined : readRecord(json);
	return dict !== undefined && stringAt(dict.value, ['event']) !== undefined ? dict : undefined;
}

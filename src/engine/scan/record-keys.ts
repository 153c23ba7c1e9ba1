import {
	EXCEPTION_KEYS,
	LEVEL_KEYS,
	LOGGER_KEYS,
	MESSAGE_KEYS,
	NESTED_KEYS,
	TASK_KEYS,
	TIME_KEYS,
} from '../pipeline/field-mapping.ts';

/** AsyncZ's keys, in the order it writes them. */
export const RECORD_KEYS = ['ts', 'level', 'message', 'logger', 'task_id', 'extra'] as const;

/** Keys that name a task, in the record or in an object within. */
export { TASK_KEYS };

/** Keys that might say something about a column: a record that has one has to be decoded. */
export const ALIAS_KEYS: ReadonlySet<string> = aliasKeys();

function aliasKeys(): ReadonlySet<string> {
	const lists = [
		TIME_KEYS,
		LEVEL_KEYS,
		MESSAGE_KEYS,
		LOGGER_KEYS,
		TASK_KEYS,
		NESTED_KEYS,
		EXCEPTION_KEYS,
	];
	const known: readonly string[] = RECORD_KEYS;
	return new Set(lists.flat().filter((key) => !known.includes(key)));
}

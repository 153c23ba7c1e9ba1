import { madeObject } from './made-object.ts';
import { PyFloat, PyObject } from './pickle-value.ts';
import type { PickleDict, PickleValue } from './pickle-value.ts';

/** The attributes that every record of Python's `logging` has, and those that formatters add. */
export const STANDARD_ATTRIBUTES: ReadonlySet<PickleValue> = new Set([
	'args',
	'asctime',
	'created',
	'exc_info',
	'exc_text',
	'filename',
	'funcName',
	'levelname',
	'levelno',
	'lineno',
	'message',
	'module',
	'msecs',
	'msg',
	'name',
	'pathname',
	'process',
	'processName',
	'relativeCreated',
	'stack_info',
	'taskName',
	'thread',
	'threadName',
]);

/** In the order AsyncZ's own handler looks for them. */
const TASK_KEYS = ['task_id', 'job_id', 'asyncz_task_id'] as const;

const LEVELS = new Map<PickleValue | undefined, string>([
	[10, 'DEBUG'],
	[20, 'INFO'],
	[30, 'WARNING'],
	[40, 'ERROR'],
	[50, 'CRITICAL'],
]);

/**
 * The attributes of a log record: SocketHandler sends its `__dict__`, who overrides `makePickle` may
 * send the record itself. `undefined` for what is no record.
 */
export function recordOf(value: PickleValue): PickleDict | undefined {
	if (value instanceof PyObject) {
		const { state } = madeObject(value);
		return state instanceof Map && isRecord(state) ? state : undefined;
	}
	return value instanceof Map && isRecord(value) ? value : undefined;
}

function isRecord(dict: PickleDict): boolean {
	return dict.has('msg') && (dict.has('created') || dict.has('levelno') || dict.has('levelname'));
}

/** The level by its name, or by its number where a record has no name for it. */
export function levelOf(record: PickleDict): string {
	const name = record.get('levelname');
	const number = record.get('levelno');
	if (typeof name === 'string' && name.trim() !== '') {
		return name;
	}
	return LEVELS.get(number) ?? (typeof number === 'number' ? String(number) : 'INFO');
}

/** Whether a level's number says more than what `levelOf` shows of it. */
export function isOwnLevel(record: PickleDict): boolean {
	const number = record.get('levelno');
	const shown = levelOf(record);
	return number !== undefined && LEVELS.get(number) !== shown && shown !== String(number);
}

/** The attribute that names the task, and what it says; `undefined` without one. */
export function taskOf(
	attributes: PickleDict,
): readonly [key: string, value: PickleValue] | undefined {
	for (const key of TASK_KEYS) {
		const value = attributes.get(key);
		if (value !== undefined && isTrue(value)) {
			return [key, value];
		}
	}
	return undefined;
}

/** What `if value` means in Python. */
function isTrue(value: PickleValue): boolean {
	if (Array.isArray(value)) {
		return value.length > 0;
	}
	if (value instanceof Map) {
		return value.size > 0;
	}
	return value instanceof PyFloat ? value.value !== 0 : Boolean(value);
}

const FIRST_SECOND = -62_135_596_800;
const END_OF_TIME = 253_402_300_800;

/**
 * When a record was made, in microseconds since 1970; `undefined` for what is no time of the years 1
 * to 9999. `created` is a float of seconds.
 */
export function timeOf(record: PickleDict): number | undefined {
	const created = record.get('created');
	const seconds = created instanceof PyFloat ? created.value : created;
	if (typeof seconds !== 'number' || !(seconds >= FIRST_SECOND && seconds < END_OF_TIME)) {
		return undefined;
	}
	const whole = Math.floor(seconds);
	// Apart from the whole seconds a double holds more than microseconds.
	return whole * 1_000_000 + Math.round((seconds - whole) * 1_000_000);
}

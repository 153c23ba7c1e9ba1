import { recordJson } from '#shared/format/record-json.ts';
import { FrameRefused } from './frame-refused.ts';
import { JsonText } from './json-text.ts';
import {
	STANDARD_ATTRIBUTES,
	isOwnLevel,
	levelOf,
	recordOf,
	taskOf,
	timeOf,
} from './log-record.ts';
import { PyName, PyObject } from './pickle-value.ts';
import type { PickleDict, PickleValue } from './pickle-value.ts';
import { readPickle } from './read-pickle.ts';

/** What a frame became: a line without its line feed, or the reason why there is none. */
export type FrameReading = { readonly line: string } | { readonly refused: string };

/**
 * Makes one line of a frame that Python's SocketHandler or DatagramHandler sent, without its length:
 * AsyncZ's record as JSON (`ts`, `level`, `message`, `logger`, `task_id`, `extra`). `receivedAt`, in
 * milliseconds since 1970, is the time of what has none. A pickle of something else becomes a line
 * that says so and shows it. Never throws.
 */
export function recordLine(frame: Buffer, receivedAt = Date.now()): FrameReading {
	try {
		const value = readPickle(frame);
		const record = recordOf(value);
		return {
			line:
				record === undefined
					? lineOfOther(value, receivedAt)
					: lineOfRecord(record, receivedAt, new JsonText()),
		};
	} catch (error) {
		if (error instanceof FrameRefused) {
			return { refused: error.message };
		}
		throw error;
	}
}

function lineOfRecord(record: PickleDict, receivedAt: number, json: JsonText): string {
	const { message, bound } = messageOf(record, json);
	const task = taskOf(record) ?? taskOf(bound);
	const taskText = task && json.plain(task[1]);
	const extra = extraOf(record, bound);
	return recordJson({
		ts: timeOf(record) ?? receivedAt * 1_000,
		level: levelOf(record),
		message,
		logger: json.plain(record.get('name') ?? ''),
		...(taskText === undefined ? {} : { task_id: taskText }),
		...(extra.size === 0 ? {} : { extra: `{${json.members(extra)}}` }),
		raw: '',
	});
}

const NOTHING: PickleDict = new Map();

/** The message, and what structlog bound to it where its renderer was left out. */
function messageOf(
	record: PickleDict,
	json: JsonText,
): { readonly message: string; readonly bound: PickleDict } {
	const msg = record.get('msg') ?? null;
	if (msg instanceof Map && msg.has('event')) {
		return { message: json.plain(msg.get('event') ?? null), bound: msg };
	}
	// SocketHandler has put the arguments in already. `%` is Python's, and not done here.
	const formatted = hasArguments(record) ? record.get('message') : undefined;
	return { message: typeof formatted === 'string' ? formatted : json.plain(msg), bound: NOTHING };
}

function hasArguments(record: PickleDict): boolean {
	const args = record.get('args');
	return Array.isArray(args) ? args.length > 0 : args !== undefined && args !== null;
}

/**
 * What a line says beside its columns. It is all that remains of the record, so that what can't be
 * told from the rest is kept: the user's attributes, the exception, where in the code it was, and
 * in which process, thread and task, unless that is the main one. Names that begin with `_` are
 * structlog's own, and AsyncZ's handler leaves them out too.
 */
function extraOf(record: PickleDict, bound: PickleDict): PickleDict {
	const extra: PickleDict = new Map();
	for (const [key, value] of bound) {
		const isShown = key === 'event' || (key === 'level' && isSameLevel(value, record));
		if (!isShown && !isPrivate(key)) {
			extra.set(key, value);
		}
	}
	for (const [key, value] of record) {
		if (!STANDARD_ATTRIBUTES.has(key) && !isPrivate(key)) {
			extra.set(key, value);
		}
	}
	// It is the column, or nothing that names a task.
	extra.delete('task_id');
	if (hasArguments(record)) {
		setFree(extra, ['args'], record.get('args'));
	}
	if (timeOf(record) === undefined) {
		setFree(extra, ['created'], record.get('created'));
	}
	if (isOwnLevel(record)) {
		setFree(extra, ['levelno'], record.get('levelno'));
	}
	// The names under which the app looks for a traceback, the first of them first.
	setFree(extra, ['exception', 'exc_text'], exceptionOf(record));
	setFree(extra, ['exc_info'], record.get('exc_info'));
	setFree(extra, ['stack', 'stack_info'], record.get('stack_info'));
	for (const [key, usual] of CIRCUMSTANCES) {
		const value = record.get(key);
		if (value !== usual) {
			setFree(extra, [key], value);
		}
	}
	return extra;
}

/** The traceback, and what its last line says: the exception's class and message. */
function exceptionOf(record: PickleDict): PickleValue | undefined {
	const text = record.get('exc_text');
	if (typeof text !== 'string') {
		return text;
	}
	const traceback = text.trimEnd();
	const last = traceback.slice(traceback.lastIndexOf('\n') + 1);
	const colon = last.indexOf(': ');
	const [type, message] = colon === -1 ? [last, ''] : [last.slice(0, colon), last.slice(colon + 2)];
	return new Map([
		['type', type],
		['message', message],
		['traceback', traceback],
	]);
}

/** Where a record comes from, with what is not worth saying. */
const CIRCUMSTANCES: readonly (readonly [key: string, usual: string | undefined])[] = [
	['pathname', ''],
	['lineno', undefined],
	['funcName', undefined],
	['process', undefined],
	['processName', 'MainProcess'],
	['threadName', 'MainThread'],
	['taskName', undefined],
];

/** Sets a value that is there under the first of these names that the user has not taken. */
function setFree(extra: PickleDict, keys: readonly string[], value: PickleValue | undefined): void {
	const key = keys.find((one) => !extra.has(one));
	if (key !== undefined && value !== undefined && value !== null) {
		extra.set(key, value);
	}
}

function isPrivate(key: PickleValue): boolean {
	return typeof key === 'string' && key.startsWith('_');
}

function isSameLevel(value: PickleValue, record: PickleDict): boolean {
	return typeof value === 'string' && value.toUpperCase() === levelOf(record).toUpperCase();
}

/** A pickle that somebody else sent to the port. It is an entry too, since it was logged somehow. */
function lineOfOther(value: PickleValue, receivedAt: number): string {
	return recordJson({
		ts: receivedAt * 1_000,
		level: 'INFO',
		message: `A pickle that is no log record: ${describe(value)}`,
		logger: '',
		extra: `{"pickle": ${new JsonText().of(value)}}`,
		raw: '',
	});
}

function describe(value: PickleValue): string {
	if (value instanceof Map) {
		return `a dict with ${value.size.toLocaleString('en')} keys`;
	}
	if (Array.isArray(value)) {
		return `a list with ${value.length.toLocaleString('en')} values`;
	}
	return value instanceof PyObject || value instanceof PyName ? 'an object' : 'a single value';
}

/**
 * Which keys of a JSON line mean time, level, message, logger, task and exception.
 *
 * AsyncZ's own record is recognised by its keys and taken exactly. Everything else goes through
 * alias lists that hold the key names of the common loggers (structlog, slog, logrus, zerolog, zap,
 * pino, bunyan, python-json-logger, winston, Python's LogRecord), most specific first.
 */

/** A parsed line: own keys only, whatever they are called. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The shapes whose fields mean something different from what their names suggest. */
export type RecordShape = 'asyncz' | 'pino' | 'generic';

export const TIME_KEYS = [
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
] as const;

export const LEVEL_KEYS = [
	'level',
	'levelname',
	'severity',
	'lvl',
	'log_level',
	'loglevel',
] as const;

export const MESSAGE_KEYS = ['message', 'msg', 'event', 'text', 'log', 'body'] as const;

export const LOGGER_KEYS = [
	'logger',
	'name',
	'logger_name',
	'channel',
	'target',
	'label',
	'service',
	'category',
] as const;

/** In the order AsyncZ's own handler looks for them. */
export const TASK_KEYS = ['task_id', 'job_id', 'asyncz_task_id'] as const;

/** Objects in which loggers put what was bound to the record, the task id among it. */
export const NESTED_KEYS = ['extra', 'attributes', 'fields', 'context'] as const;

export const EXCEPTION_KEYS = [
	'exception',
	'exc_info',
	'exc_text',
	'traceback',
	'stack_trace',
	'stacktrace',
	'stack',
	'err',
	'error',
] as const;

/** Which shape a record has, by its keys alone. */
export function shapeOf(record: JsonRecord): RecordShape {
	if (
		isString(record['ts']) &&
		isString(record['level']) &&
		isString(record['message']) &&
		isString(record['logger']) &&
		('task_id' in record || 'extra' in record)
	) {
		return 'asyncz';
	}
	// pino and bunyan: numbers of their own scale, ten above Python's for everything from INFO on.
	if (typeof record['level'] === 'number' && 'time' in record && hasPinoKey(record)) {
		return 'pino';
	}
	return 'generic';
}

/** The first of `keys` that the record has with a value other than null. */
export function firstKey<K extends string>(record: JsonRecord, keys: readonly K[]): K | undefined {
	return keys.find((key) => record[key] !== undefined && record[key] !== null);
}

/**
 * The level's name for pino's and bunyan's numbers (10 trace, 20 debug, 30 info, 40 warn, 50 error,
 * 60 fatal); a custom number counts as the one below it.
 */
export function pinoLevel(level: number): string {
	const names = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;
	const index = Math.min(Math.max(Math.floor(level / 10) - 1, 0), names.length - 1);
	return names[index] ?? 'INFO';
}

/** A value that is a JSON object. */
export function isRecord(value: unknown): value is JsonRecord {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): value is string {
	return typeof value === 'string';
}

function hasPinoKey(record: JsonRecord): boolean {
	return 'pid' in record || 'hostname' in record || 'msg' in record || record['v'] === 0;
}

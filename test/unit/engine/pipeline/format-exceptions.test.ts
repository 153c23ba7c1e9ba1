import { describe, expect, test } from 'vitest';
import { readDetails } from '#engine/pipeline/details.ts';

const T = '2026-11-22T10:19:47.283Z';

const exceptionOf = (record: object) => readDetails(JSON.stringify(record)).exception;

/** What structlog writes of an exception. */
const stack = (exc_type: string, fields: object = {}) => ({
	exc_type,
	exc_value: 'x',
	exc_notes: [],
	is_cause: false,
	frames: [{ filename: '/a.py', lineno: 1, name: 'run' }],
	...fields,
});

describe('the exception of', () => {
	test.each<[string, object, string]>([
		[
			'ECS, dotted',
			{ '@timestamp': T, 'log.level': 'error', 'error.type': 'E', 'error.message': 'x' },
			'E: x',
		],
		['CLEF', { '@t': T, '@m': 'm', '@x': 'System.Exception: x' }, 'System.Exception: x'],
		['Logstash', { '@timestamp': T, '@version': 1, stack_trace: 'E\n\tat x' }, 'E\n\tat x'],
		['Logstash, as a list', { '@timestamp': T, '@version': 1, exc_info: ['a\n', 'b'] }, 'a\nb'],
		['tracing', { target: 't', level: 'ERROR', fields: { error: 'no report' } }, 'no report'],
		['zap', { ts: 1, level: 'error', msg: 'm', error: 'x', stacktrace: 'main.run' }, 'x\nmain.run'],
		['pino', { level: 50, time: 1, msg: 'm', err: { type: 'E', message: 'x', stack: 's' } }, 's'],
		['bunyan', { v: 0, level: 50, time: T, name: 'n', err: { name: 'E', message: 'x' } }, 'E: x'],
		['slog', { time: T, level: 'ERROR', msg: 'm', err: 'x' }, 'x'],
		['logrus', { time: T, level: 'error', msg: 'm', error: 'x' }, 'x'],
		[
			'zerolog',
			{
				time: 1,
				level: 'error',
				message: 'm',
				error: 'x',
				stack: [{ func: 'run', source: 'a.go', line: '5' }],
			},
			'x\n    at run (a.go:5)',
		],
		['LogRecord', { levelno: 40, created: 1, msg: 'm', exc_text: 'E: x' }, 'E: x'],
		['python-json-logger', { message: 'm', exc_info: 'E: x' }, 'E: x'],
		['winston', { level: 'error', message: 'm', stack: 'Error: x' }, 'Error: x'],
		[
			'Monolog',
			{
				level_name: 'ERROR',
				channel: 'c',
				context: {
					exception: { class: 'E', message: 'x', file: '/a.php:1', trace: ['/b.php:2'] },
				},
			},
			'E: x\n    at /a.php:1\n    at /b.php:2',
		],
		[
			'loguru without its text',
			{
				text: 'm',
				record: { level: {}, time: {}, exception: { type: 'E', value: 'x', traceback: true } },
			},
			'E: x',
		],
	])('%s', (_, record, exception) => {
		expect(exceptionOf(record)).toBe(exception);
	});

	test('structlog, as a list, is a traceback as Python prints it', () => {
		const record = {
			event: 'm',
			level: 'error',
			exception: [
				stack('Last', { exc_notes: ['a note'] }),
				stack('Second', { is_cause: true, frames: [] }),
				stack('First', { exceptions: [[stack('Inner', { frames: [] })]] }),
			],
		};
		expect(exceptionOf(record)?.split('\n')).toEqual([
			'Traceback (most recent call last):',
			'  File "/a.py", line 1, in run',
			'First: x',
			'  | Inner: x',
			'',
			'During handling of the above exception, another exception occurred:',
			'',
			'Second: x',
			'',
			'The above exception was the direct cause of the following exception:',
			'',
			'Traceback (most recent call last):',
			'  File "/a.py", line 1, in run',
			'Last: x',
			'a note',
		]);
	});
});

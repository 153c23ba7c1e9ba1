import { describe, expect, test } from 'vitest';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';

const T = '2026-11-22T10:19:47.283Z';

const journald = (PRIORITY: unknown) => ({ __REALTIME_TIMESTAMP: '1', MESSAGE: 'm', PRIORITY });
const gelf = (level: unknown) => ({ short_message: 'm', host: 'h', level });
const otel = (number: unknown, text?: unknown) => ({
	body: 'm',
	severity_number: number,
	severity_text: text,
});
const monolog = (level: unknown) => ({ message: 'm', channel: 'c', level, level_name: null });
const logback = (level_value: unknown) => ({
	'@timestamp': T,
	'@version': 1,
	message: 'm',
	level_value,
});
const loguru = (name: string, no: unknown) => ({
	text: 'm',
	record: { message: 'm', level: { name, no }, time: { timestamp: 1 } },
});
const logRecord = (levelname: unknown, levelno: number) => ({
	msg: 'm',
	created: 1,
	levelno,
	levelname,
});

describe('levels by a number are read on the scale of their format only', () => {
	test.each<[string, object, string, number]>([
		['journald 0', journald('0'), 'CRITICAL', 50],
		['journald 3', journald('3'), 'ERROR', 40],
		['journald 4', journald(4), 'WARNING', 30],
		['journald 5', journald('5'), 'INFO', 20],
		['journald 7', journald('7'), 'DEBUG', 10],
		['journald 8', journald('8'), 'INFO', 20],
		['journald x', journald('x'), 'INFO', 20],
		['GELF 0', gelf(0), 'CRITICAL', 50],
		['GELF 4', gelf(4), 'WARNING', 30],
		['GELF 7', gelf(7), 'DEBUG', 10],
		['GELF without', gelf(undefined), 'CRITICAL', 50],
		['OpenTelemetry 1', otel(1), 'TRACE', 5],
		['OpenTelemetry 8', otel(8), 'DEBUG', 10],
		['OpenTelemetry 12', otel(12), 'INFO', 20],
		['OpenTelemetry 13', otel(13, 'WARN'), 'WARNING', 30],
		['OpenTelemetry 20', otel(20), 'ERROR', 40],
		['OpenTelemetry 24', otel(24, 'FATAL'), 'CRITICAL', 50],
		['OpenTelemetry with a name of its own', otel(10, 'AUDIT'), 'AUDIT', 20],
		['OpenTelemetry 0', otel(0, 'ERROR'), 'ERROR', 40],
		['OpenTelemetry 25', otel(25), 'INFO', 20],
		['Monolog 100', monolog(100), 'DEBUG', 10],
		['Monolog 250', monolog(250), 'INFO', 20],
		['Monolog 300', monolog(300), 'WARNING', 30],
		['Monolog 550', monolog(550), 'CRITICAL', 50],
		['Monolog 600', monolog(600), 'CRITICAL', 50],
		['logback 5000', logback(5_000), 'TRACE', 5],
		['logback 20000', logback(20_000), 'INFO', 20],
		['logback 40000', logback(40_000), 'ERROR', 40],
		['loguru TRACE', loguru('TRACE', 5), 'TRACE', 5],
		['loguru SUCCESS', loguru('SUCCESS', 25), 'INFO', 25],
		['loguru with a level of its own', loguru('AUDIT', 35), 'AUDIT', 35],
		['loguru without a number', loguru('ERROR', 'x'), 'ERROR', 40],
		['LogRecord', logRecord('NOTICE', 25), 'INFO', 25],
		['LogRecord without a name', logRecord(undefined, 45), 'ERROR', 45],
		['LogRecord out of all bounds', logRecord('X', 1e9), 'X', 100],
		['pino 35', { level: 35, time: 1, msg: 'm' }, 'INFO', 20],
		['bunyan 60', { v: 0, level: 60, time: T, name: 'n' }, 'CRITICAL', 50],
		['nobody knows', { level: 30, msg: 'm' }, '30', 20],
	])('%s', (_, record, level, severity) => {
		const [entry] = decodeEntry(JSON.stringify(record), { arrival: 0 });
		expect(entry).toMatchObject({ level, severity });
	});
});

import { expect, test } from 'vitest';
import { canonicalLevel, LEVELS, levelOfSeverity, severityOf } from '#shared/model/level.ts';

test('orders the standard levels as Python does', () => {
	expect(LEVELS.map((level) => [level, severityOf(level)])).toEqual([
		['DEBUG', 10],
		['INFO', 20],
		['WARNING', 30],
		['ERROR', 40],
		['CRITICAL', 50],
	]);
});

test.each([
	['trace', 'TRACE', 5],
	['verbose', 'DEBUG', 10],
	['silly', 'DEBUG', 10],
	['finest', 'DEBUG', 10],
	['Notice', 'INFO', 20],
	['success', 'INFO', 20],
	['http', 'INFO', 20],
	['Information', 'INFO', 20],
	['warn', 'WARNING', 30],
	['WARN', 'WARNING', 30],
	['err', 'ERROR', 40],
	['severe', 'ERROR', 40],
	['exception', 'ERROR', 40],
	['fatal', 'CRITICAL', 50],
	['panic', 'CRITICAL', 50],
	['dpanic', 'CRITICAL', 50],
	['emerg', 'CRITICAL', 50],
	['alert', 'CRITICAL', 50],
	['notset', 'NOTSET', 0],
	['audit', 'AUDIT', 20],
	['', '', 20],
	['__proto__', '__PROTO__', 20],
	['constructor', 'CONSTRUCTOR', 20],
])('knows %j as %s, severity %i', (name, canonical, severity) => {
	expect({ canonical: canonicalLevel(name), severity: severityOf(name) }).toEqual({
		canonical,
		severity,
	});
});

test.each([
	['DEBUG-4', 0],
	['DEBUG', 10],
	['DEBUG+2', 15],
	['INFO-1', 18],
	['INFO+2', 25],
	['WARN+1', 33],
	['ERROR+2', 45],
	['ERROR+4', 50],
	['error+8', 60],
	['INFO+', 20],
	['AUDIT+4', 20],
	['INFO+1e9', 20],
])("orders slog's %s at %i", (name, severity) => {
	expect(severityOf(name)).toBe(severity);
});

test.each([
	[-1, 'NOTSET'],
	[0, 'NOTSET'],
	[5, 'TRACE'],
	[9, 'TRACE'],
	[10, 'DEBUG'],
	[25, 'INFO'],
	[30, 'WARNING'],
	[49, 'ERROR'],
	[50, 'CRITICAL'],
	[1_000, 'CRITICAL'],
])('names %i %s', (severity, name) => {
	expect(levelOfSeverity(severity)).toBe(name);
});

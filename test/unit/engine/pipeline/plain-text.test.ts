import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readText } from '#engine/pipeline/plain-text.ts';

const zone = process.env['TZ'];
const ARRIVAL = Date.parse('2026-11-22T12:00:00Z') * 1_000;

beforeEach(() => {
	process.env['TZ'] = 'UTC';
});

afterEach(() => {
	process.env['TZ'] = zone;
});

describe('the level of a line of text', () => {
	test.each([
		['ERROR: no report', 'ERROR'],
		['error: no report', 'ERROR'],
		['ERROR no report', 'ERROR'],
		['[error] no report', 'ERROR'],
		['[WARN] late', 'WARNING'],
		['<warning> late', 'WARNING'],
		['(debug) x', 'DEBUG'],
		['WARNING:root:late', 'WARNING'],
		['INFO:     Started server process [1]', 'INFO'],
		['FATAL', 'CRITICAL'],
		['SUCCESS | done', 'INFO'],
		['2026-11-22 10:21:34,547 WARNING asyncz.task: late', 'WARNING'],
		['2026-11-22 10:21:34,547 - asyncz.task - ERROR - no report', 'ERROR'],
		['2026-11-22 10:21:34,547 root ERROR no report', 'ERROR'],
		['2026-11-22 10:21:34,547 asyncz.task CRITICAL no report', 'CRITICAL'],
		['2026-11-22 10:21:34,547 [main] ERROR com.app.Jobs - no report', 'ERROR'],
		['2026-11-22 10:21:34.770 | ERROR    | __main__:run:39 - no report', 'ERROR'],
		['2026-11-22T10:21:34.547Z  WARN 4242 --- [main] c.app.Jobs : late', 'WARNING'],
		['[2026-11-22 10:21:34 +0000] [4242] [CRITICAL] Worker failed', 'CRITICAL'],
		['[2026-11-22 10:21:34,547: ERROR/MainProcess] Task failed', 'ERROR'],
		['2026-11-22 10:21:34 [error    ] no report', 'ERROR'],
		['2026/11/22 10:21:34 [warn] 1234#0: late', 'WARNING'],
		['time="2026-11-22T10:21:34Z" level=error msg="no report"', 'ERROR'],
		['level=warning msg=late', 'WARNING'],
		['E1122 10:21:34.547619    4242 jobs.go:10] no report', 'ERROR'],
		['F1122 10:21:34.547619    4242 jobs.go:10] no report', 'CRITICAL'],
		// No level of a logger's:
		['Error running task slow', 'INFO'],
		['no ERROR here', 'INFO'],
		['Got an ERROR from the host', 'INFO'],
		['2026-11-22 10:21:34 Got ERROR from the host', 'INFO'],
		['2026-11-22 10:21:34 info about the error', 'INFO'],
		['ERRORS were found', 'INFO'],
		['ERROR_COUNT=5', 'INFO'],
		['Traceback (most recent call last):', 'INFO'],
		['[1, 2, ERROR]', 'INFO'],
		[`${'x'.repeat(300)} ERROR: no`, 'INFO'],
		['', 'INFO'],
	])('%s', (line, level) => {
		expect(readText(line, ARRIVAL).level).toBe(level);
	});
});

describe('the time of a line of text', () => {
	test.each([
		['2026-11-22 10:21:34,547 INFO x', '2026-11-22T10:21:34.547Z'],
		['2026-11-22 10:21:34.770 | INFO | x', '2026-11-22T10:21:34.770Z'],
		['2026-11-22T10:21:34+02:00 x', '2026-11-22T08:21:34.000Z'],
		['2026-11-22 10:21:34 +0200 x', '2026-11-22T08:21:34.000Z'],
		['[2026-11-22 10:21:34,547: INFO/MainProcess] x', '2026-11-22T10:21:34.547Z'],
		['(2026-11-22 10:21) x', '2026-11-22T10:21:00.000Z'],
		['2026/11/22 10:21:34 x', '2026-11-22T10:21:34.000Z'],
		['time="2026-11-22T10:21:34Z" level=info', '2026-11-22T10:21:34.000Z'],
		['E1121 10:21:34.547000 4242 jobs.go:10] x', '2026-11-21T10:21:34.547Z'],
		['E1224 10:21:34.547000 4242 jobs.go:10] x', '2025-12-24T10:21:34.547Z'],
		['Nov  2 10:21:34 host app[4242]: x', '2026-11-02T10:21:34.000Z'],
		['Nov 23 10:21:34 host app[4242]: x', '2026-11-23T10:21:34.000Z'],
		['Nov 24 10:21:34 host app[4242]: x', '2025-11-24T10:21:34.000Z'],
		['Feb 29 10:21:34 host app[4242]: x', '2024-02-29T10:21:34.000Z'],
		['<34>1 2026-11-22T10:19:47.283179Z host app - - - x', '2026-11-22T10:19:47.283Z'],
	])('%s', (line, time) => {
		const { ts = Number.NaN } = readText(line, ARRIVAL);
		expect(new Date(Math.floor(ts / 1_000)).toISOString()).toBe(time);
	});

	test.each([
		['10:21:34 x'],
		['2026-11-22'],
		['2026-13-22 10:21:34 x'],
		['2026-11-22 10:21:34x'],
		['x 2026-11-22 10:21:34'],
		['Nov 31 10:21:34 host app: x'],
		['Abc 11 10:21:34 host app: x'],
		['ovd 11 10:21:34 host app: x'],
		['E1322 10:21:34.547000 4242 jobs.go:10] x'],
	])('is not made of %j', (line) => {
		expect(readText(line, ARRIVAL).ts).toBeUndefined();
	});

	test('keeps its microseconds', () => {
		expect(readText('2026-11-22 10:21:34.770012 x', ARRIVAL).ts).toBe(1_795_342_894_770_012);
	});

	test('without a zone is local', () => {
		process.env['TZ'] = 'Asia/Kolkata';
		expect(readText('2026-11-22 15:51:34 x', ARRIVAL).ts).toBe(1_795_342_894_000_000);
	});
});

describe('syslog', () => {
	test.each([
		['<34>1 2026-11-22T10:19:47Z host reports 4242 ID47 - x', 'CRITICAL', 'reports'],
		['<165>1 2026-11-22T10:19:47Z host - - - - x', 'INFO', ''],
		['<191>Nov 22 10:21:34 host reports[4242]: x', 'DEBUG', 'reports'],
		['<11>Nov 22 10:21:34 host reports: x', 'ERROR', 'reports'],
		['<4>no more than a priority', 'WARNING', ''],
		['Nov 22 10:21:34 host reports[4242]: ERROR: x', 'ERROR', 'reports'],
		['Nov 22 10:21:34 host reports[4242]: x', 'INFO', 'reports'],
	])('%s', (line, level, logger) => {
		const found = readText(line, ARRIVAL);
		expect([found.format, found.level, found.logger]).toEqual(['syslog', level, logger]);
	});

	test.each([['<999>x'], ['<1234>x'], ['<>x'], ['Nov 22 10:21:34 something happened'], ['<b>x']])(
		'is not %j',
		(line) => {
			expect(readText(line, ARRIVAL).format).toBe('text');
		},
	);
});

test.each([
	['spaces', ' '.repeat(5_000_000)],
	['brackets', '['.repeat(5_000_000)],
	['signs', '- '.repeat(2_500_000)],
	['pairs', 'a="b"'.repeat(1_000_000)],
])('%s without end are no work', (_, line) => {
	expect(readText(line, ARRIVAL)).toMatchObject({ level: 'INFO', format: 'text' });
});

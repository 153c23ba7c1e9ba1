import { expect, test } from 'vitest';
import type { Mapping } from '#shared/model/mapping.ts';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';

const ARRIVAL = 1_800_000_000_000_000;
const LINE =
	'{"when": {"at": 1795342787283}, "sev": "warn", "say": "hello", "who": ["a", "b"], "job": 42, "msg": "other", "level": "error"}';
const MAPPING: Mapping = {
	time: ['when', 'at'],
	level: ['sev'],
	message: ['say'],
	logger: ['who', '1'],
	task: ['job'],
};

const decode = (raw: string, mapping: Mapping) =>
	decodeEntry(raw, { arrival: ARRIVAL, mapping })[0];

test('says where the columns are, whatever the format has', () => {
	expect(decode(LINE, MAPPING)).toEqual({
		ts: 1_795_342_787_283_000,
		level: 'WARNING',
		severity: 30,
		message: 'hello',
		logger: 'b',
		task_id: '42',
		flags: 0,
		format: 'mapped',
	});
});

test('what it leaves to extra is what no column shows', () => {
	expect(readDetails(LINE, 0, { arrival: ARRIVAL, mapping: MAPPING })).toEqual({
		format: 'mapped',
		extra: '{"who": ["a", "b"], "msg": "other", "level": "error"}',
	});
});

test.each<[string, Mapping]>([
	['names nothing', {}],
	['names keys that are not there', { time: ['t'], level: ['a', 'b'], message: ['toString'] }],
	['names a null', { message: ['none'], level: ['none'], task: ['none'] }],
])('changes nothing where it %s', (_, mapping) => {
	const line = '{"msg": "m", "level": "error", "none": null, "time": 1795342787}';
	const plain = decodeEntry(line, { arrival: ARRIVAL });
	expect(decodeEntry(line, { arrival: ARRIVAL, mapping })).toEqual(plain);
	expect(plain[0]?.format).toBe('JSON');
});

test('a value that is no time leaves the time to the format', () => {
	const found = decode('{"msg": "m", "time": 1795342787, "at": "soon"}', { time: ['at'] });
	expect(found).toMatchObject({ ts: 1_795_342_787_000_000, format: 'JSON' });
});

test.each([
	['10', 'DEBUG', 10],
	['50', 'CRITICAL', 50],
	['0', 'NOTSET', 0],
	['30.0', 'WARNING', 30],
	['60', '60', 20],
	['35', '35', 20],
	['-10', '-10', 20],
	['9007199254740993', '9007199254740993', 20],
	['"30"', '30', 20],
	['"fatal"', 'CRITICAL', 50],
	['"audit"', 'AUDIT', 20],
	['true', 'TRUE', 20],
	['""', 'ERROR', 40],
])('a level of %s is %s, %i', (written, level, severity) => {
	const found = decode(`{"msg": "m", "level": "error", "n": ${written}}`, { level: ['n'] });
	expect([found?.level, found?.severity]).toEqual([level, severity]);
});

test('is used for the record that Docker has wrapped, then for the wrapper', () => {
	const line = JSON.stringify({
		log: '{"say":"inner","msg":"m"}\n',
		stream: 'stdout',
		time: '2026-11-22T10:19:47.283179Z',
		attrs: { tag: 'reports' },
	});
	expect(decode(line, { message: ['say'], logger: ['attrs', 'tag'] })).toMatchObject({
		ts: 1_795_342_787_283_179,
		message: 'inner',
		logger: 'reports',
		format: 'mapped',
	});
	const text = JSON.stringify({ log: 'text\n', stream: 'stdout', time: '2026-11-22T10:19:47Z' });
	expect(decode(text, { logger: ['stream'] })).toMatchObject({ message: 'text', logger: 'stdout' });
});

test('is used for each record of an OTLP line', () => {
	const record = '{"body":{"stringValue":"m"},"traceId":"t"}';
	const line = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${record},${record}]}]}]}`;
	const found = decodeEntry(line, { arrival: ARRIVAL, mapping: { task: ['traceId'] } });
	expect(found.map(({ task_id }) => task_id)).toEqual(['t', 't']);
});

test('a message it names is not looked into', () => {
	const line = JSON.stringify({ say: '{"event":"inner"}', msg: '{"event":"other"}' });
	expect(decode(line, { message: ['say'] })?.message).toBe('{"event":"inner"}');
});

test('means nothing to a line of text', () => {
	expect(decode('ERROR: say', { message: ['say'] })).toMatchObject({
		message: 'ERROR: say',
		format: 'text',
	});
});

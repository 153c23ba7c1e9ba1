import { describe, expect, test } from 'vitest';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';

const CONTEXT = { arrival: 1_800_000_000_000_000 };
const T = '2026-11-22T10:19:47.283Z';

const decode = (raw: string) => decodeEntry(raw, CONTEXT)[0];
const read = (record: object) => decode(JSON.stringify(record));

const rendered = (template: string, properties: string) =>
	decode(`{"@t":"${T}","@mt":${JSON.stringify(template)}${properties}}`)?.message;

const journalMessage = (message: string) =>
	decode(`{"__REALTIME_TIMESTAMP":"1","MESSAGE":${message}}`)?.message;

const otlpLine = (record: string, rest = '') =>
	`{"resourceLogs":[{"scopeLogs":[{"scope":{"name":"s"},"logRecords":[${record}]}]${rest}}]}`;

const otlpRecord = (task: string) =>
	`{"body":{"stringValue":"m"},"attributes":[{"key":"task_id","value":{"stringValue":"${task}"}},{"key":"exception.stacktrace","value":{"stringValue":"at x"}},{"key":"n","value":{"intValue":"5"}}]}`;

describe('times keep their microseconds', () => {
	const micros = 1_795_342_787_283_179;

	test.each([
		['{"level":"info","ts":1795342787.283179,"msg":"m"}'],
		['{"level":"info","ts":1795342787283179123,"msg":"m"}'],
		['{"level":"info","ts":1795342787283179999,"msg":"m"}'],
		['{"level":30,"time":"1795342787283179","msg":"m"}'],
		['{"level":30,"time":1795342787283.179,"msg":"m"}'],
		['{"@t":"2026-11-22T10:19:47.2831799Z","@mt":"m"}'],
		['{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1795342787283179999"}]}]}]}'],
		['{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":1795342787283179999}]}]}]}'],
		['{"log":"m\\n","stream":"stdout","time":"2026-11-22T10:19:47.283179999Z"}'],
		['{"event":"m","level":"info","timestamp":1795342787.283179}'],
		['{"short_message":"m","host":"h","timestamp":1795342787.283179}'],
		['{"__REALTIME_TIMESTAMP":"1","_SOURCE_REALTIME_TIMESTAMP":"1795342787283179"}'],
		['{"record":{"time":{"repr":"2026-11-22 10:19:47.283179+00:00"},"level":{}},"text":"m"}'],
		['{"ts":"2026-11-22 10:19:47.283179","level":"INFO","message":"m","logger":"l","extra":{}}'],
	])('%s', (line) => {
		expect(decode(line)?.ts).toBe(micros);
	});
});

describe('a Serilog template', () => {
	test.each([
		['Hello, {User}!', ',"User":"ada"', 'Hello, ada!'],
		[
			'{@User} {$Id}',
			',"User":{"name": "ada"},"Id":9007199254740993',
			'{"name": "ada"} 9007199254740993',
		],
		['{Took:0.00} {N,5}', ',"Took":1.5,"N":1.0,"@r":["1.50"]', '1.50 1.0'],
		['{A:x}{B}{C:y}', ',"A":1,"B":2,"C":3,"@r":["one","three"]', 'one2three'],
		['{{User}} {Missing} {', ',"User":"ada"', '{User} {Missing} {'],
		['{constructor} {__proto__}', '', '{constructor} {__proto__}'],
		['{Null} {Yes}', ',"Null":null,"Yes":true', 'null true'],
	])('%s', (template, properties, message) => {
		expect(rendered(template, properties)).toBe(message);
	});

	test('is not used where the message is there', () => {
		expect(rendered('{A}', ',"@m":"made","A":1')).toBe('made');
	});

	test('fills no more than a million characters', () => {
		const long = 'x'.repeat(100_000);
		const message = rendered('{A}'.repeat(1_000), `,"A":"${long}"`) ?? '';
		expect(message).toHaveLength(10 * 100_000 + 990 * 3);
	});
});

describe('a journal', () => {
	test.each([
		['"m"', 'm'],
		['[72,195,164]', 'Hä'],
		['["a","b"]', 'a\nb'],
		['["a",[72,105]]', 'a\nHi'],
		['null', 'MESSAGE is too long for this output of journalctl: add --all to see it.'],
		['[1,256]', '[1,256]'],
		['[]', '[]'],
	])('with MESSAGE %s', (message, expected) => {
		expect(journalMessage(message)).toBe(expected);
	});
});

describe('OTLP', () => {
	test('bodies of every type are shown, with the digits that they have', () => {
		const bodies = [
			'{"stringValue":"a"}',
			'{"intValue":"9007199254740993"}',
			'{"doubleValue":1.0}',
			'{"boolValue":true}',
			'{"arrayValue":{"values":[{"intValue":"1"},{"stringValue":"b"}]}}',
			'{"kvlistValue":{"values":[{"key":"k","value":{"intValue":"2"}}]}}',
			'{"bytesValue":"AQI="}',
			'"plain"',
		];
		const records = bodies.map((body) => `{"body":${body}}`).join();
		expect(decodeEntry(otlpLine(records), CONTEXT).map(({ message }) => message)).toEqual([
			'a',
			'9007199254740993',
			'1.0',
			'true',
			'[1, "b"]',
			'{"k": 2}',
			'AQI=',
			'plain',
		]);
	});

	test('each record knows its task, logger, resource and exception', () => {
		const raw = otlpLine(
			`${otlpRecord('a')},${otlpRecord('b')}`,
			',"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"reports"}}]}',
		);
		expect(decodeEntry(raw, CONTEXT)).toMatchObject([
			{ task_id: 'a', logger: 's' },
			{ task_id: 'b', logger: 's' },
		]);
		expect(readDetails(raw, 1, CONTEXT)).toEqual({
			format: 'OTLP',
			extra:
				'{"exception.stacktrace": "at x", "n": 5, "resource": {"attributes": {"service.name": "reports"}}}',
			exception: 'at x',
		});
	});

	test('a line without a record is an entry still', () => {
		const raw = '{"resourceLogs":[]}';
		expect(decodeEntry(raw, CONTEXT)).toMatchObject([{ message: raw, format: 'OTLP' }]);
	});

	test('what follows the line belongs to its last record', () => {
		const raw = `${otlpLine('{},{}')}\n  more`;
		expect(decodeEntry(raw, CONTEXT).map(({ flags }) => flags)).toEqual([1, 1 | 4]);
		expect(readDetails(raw, 0, CONTEXT).exception).toBeUndefined();
		expect(readDetails(raw, 1, CONTEXT).exception).toBe('  more');
	});
});

test.each<[string, object]>([
	['dotted', { 'log.level': 'error', 'log.logger': 'l', 'ecs.version': '1' }],
	['nested', { log: { level: 'error', logger: 'l' }, ecs: { version: '1' } }],
	['mixed', { 'log.level': 'error', log: { logger: 'l' } }],
])('ECS may be %s', (_, fields) => {
	expect(read({ '@timestamp': T, message: 'm', ...fields })).toMatchObject({
		level: 'ERROR',
		logger: 'l',
		format: 'ECS',
	});
});

test.each<[string, object]>([
	['in extra', { msg: 'm', extra: { task_id: 't' } }],
	['in attributes', { body: 'm', severity_number: 9, attributes: { job_id: 't' } }],
	['in fields', { level: 'INFO', target: 't', fields: { message: 'm', task_id: 't' } }],
	['in context', { message: 'm', channel: 'c', level_name: 'INFO', context: { task_id: 't' } }],
	['of GELF', { short_message: 'm', host: 'h', _task_id: 't' }],
	['of journald', { __REALTIME_TIMESTAMP: '1', MESSAGE: 'm', TASK_ID: 't' }],
	['of loguru', { text: 'm', record: { level: {}, time: {}, extra: { asyncz_task_id: 't' } } }],
	['of Logstash 0', { '@timestamp': T, '@fields': { task_id: 't' } }],
])('the task is found %s', (_, record) => {
	expect(read(record)?.task_id).toBe('t');
});

describe('a key with an escape, which V8 13 may read as the key of a line before', () => {
	test('is the key that it is at top level', () => {
		JSON.parse('{"message":"m","\\\\u006":1}');
		expect(decode('{"message":"m","\\u006cevel":"error"}')).toMatchObject({ level: 'ERROR' });
	});

	test('… in an object too', () => {
		JSON.parse('{"msg":"m","extra":{"a":1,"\\\\u0074a":1}}');
		expect(decode('{"msg":"m","extra":{"a":1,"\\u0074ask_id":"t"}}')).toMatchObject({
			task_id: 't',
		});
	});
});

import { describe, expect, test } from 'vitest';
import type { QueryContext } from '#shared/query/ast.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { matchQuery } from '#shared/query/match-query.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { entryRow } from '../../../support/entries.ts';

const NOW = Date.UTC(2026, 6, 1, 12) * 1_000;
const MINUTE = 60_000_000;

const context: QueryContext = {
	at: NOW,
	offsetMinutes: 120,
	sources: new Map([
		[1, 'app.jsonl'],
		[2, 'Worker Logs'],
	]),
	marked: new Set([7]),
};

type Fields = Partial<QueryEntry>;

function isMatch(text: string, fields: Fields): boolean {
	const { root, problem } = parseQuery(text);
	expect(problem).toBeUndefined();
	return matchQuery(root, { ...entryRow(), ...fields }, context);
}

const extra = (value: unknown): Fields => ({ extra: JSON.stringify(value) });
const at = (text: string): Fields => ({ ts: Date.parse(text) * 1_000 });

/** The query, what it is asked of, and whether it is true. */
type Case = readonly [string, Fields, boolean];

const groups: Readonly<Record<string, readonly Case[]>> = {
	'Bare words are looked for in the message': [
		['', {}, true],
		['REPORT', { message: 'Report built' }, true],
		['port b', { message: 'built report' }, true],
		['port x', { message: 'built report' }, false],
		['"port b"', { message: 'built report' }, false],
		['"t! (b"', { message: 'Report! (built)' }, true],
		['asyncz', { message: 'x', logger: 'asyncz' }, false],
		['time*out', { message: 'a Time is out b' }, true],
		['time*out', { message: 'out of time' }, false],
		['t?me', { message: 'a tame one' }, true],
		['t?me', { message: 't😀me' }, true],
		['a*b', { message: 'a\nb' }, true],
		['/e.ort/', { message: 'Report' }, true],
		['/R.PORT/', { message: 'Report' }, false],
		['/R.PORT/i', { message: 'Report' }, true],
		['-report', { message: 'Report' }, false],
		['a OR port', { message: 'Report' }, true],
	],
	'A star and a colon look at all fields': [
		['*:daily', { task_id: 'daily-report' }, true],
		['*:asyncz', { logger: 'asyncz' }, true],
		['*:worker', { source: 2 }, true],
		['*:valueerror', { exception: 'ValueError: x' }, true],
		['*:ann', extra({ a: [{ b: 'Joanne' }] }), true],
		['*:42', extra({ a: 1421 }), true],
		['*:key', extra({ key: 'value' }), false],
		['*:null', extra({ a: null }), false],
		['*:true', extra({ a: true }), true],
	],
	'A field has the whole value, in any case': [
		['task:Daily', { task_id: 'daily' }, true],
		['task:dail', { task_id: 'daily' }, false],
		['task:daily', {}, false],
		['task=Daily', { task_id: 'daily' }, false],
		['task=daily', { task_id: 'daily' }, true],
		['task:da*', { task_id: 'daily' }, true],
		['task:*ai', { task_id: 'daily' }, false],
		['task:/ai/', { task_id: 'daily' }, true],
		['logger:(a OR b)', { logger: 'b' }, true],
		['logger:asyncz.*', { logger: 'asyncz.task' }, true],
		['logger:asyncz.*', { logger: 'asyncz' }, false],
		['source:"worker logs"', { source: 2 }, true],
		['source:app*', { source: 1 }, true],
		['source:*', { source: 3 }, false],
		['run:abc', extra({ run_id: 'ABC' }), true],
		['user:ann', extra({ user: 'Ann' }), true],
		['user:an', extra({ user: 'Ann' }), false],
		['user:"ann b"', extra({ user: 'Ann B' }), true],
		['ok:true', extra({ ok: true }), true],
		['ok:false', extra({ ok: true }), false],
	],
	'A text field contains it': [
		['message:PORT', { message: 'report' }, true],
		['exception:valueerror', { exception: 'Traceback\nValueError: x' }, true],
		['exception:x', {}, false],
		['message:rep*', { message: 'report' }, true],
		['message:ort*', { message: 'report' }, false],
		['message=report', { message: 'report' }, true],
		['message=port', { message: 'report' }, false],
		['has:traceback', { exception: 'x' }, true],
		['has:traceback', {}, false],
	],
	'Without is not the same as having another': [
		['-user:ann', {}, true],
		['-user:ann', extra({ user: 'bob' }), true],
		['-user:ann', extra({ user: 'ann' }), false],
		['user!=ann', {}, false],
		['user!=ann', extra({ user: null }), false],
		['user!=ann', extra({ user: 'bob' }), true],
		['user!=ann', extra({ user: 'Ann' }), false],
		['task!=daily', {}, false],
		['level!=error', { level: 'ERROR', severity: 40 }, false],
		['level!=error', { level: 'INFO' }, true],
	],
	'A field is there, is null, or is missing': [
		['user:*', extra({ user: '' }), true],
		['user:*', extra({ user: null }), false],
		['user:*', {}, false],
		['user:*', extra({ user: [] }), true],
		['user:*', extra({ user: { id: 1 } }), true],
		['-user:*', extra({ a: 1 }), true],
		['user:null', extra({ user: null }), true],
		['user:null', extra({ user: 'null' }), false],
		['user:null', {}, false],
		['user:"null"', extra({ user: 'null' }), true],
		['user=null', extra({ user: null }), false],
		['has:user.id', extra({ user: { id: 0 } }), true],
		['has:level', {}, true],
		['has:task', {}, false],
		['task:null', {}, false],
	],
	'Names lead into extra': [
		['user.id:5', extra({ user: { id: 5 } }), true],
		['user.id:5', extra({ 'user.id': 5 }), true],
		['a.b.c:5', extra({ 'a.b': { c: 5 } }), true],
		['a.b.c:5', extra({ a: { 'b.c': 5 } }), true],
		['"user.id":5', extra({ user: { id: 5 } }), false],
		['"user.id":5', extra({ 'user.id': 5 }), true],
		['User.id:5', extra({ user: { id: 5 } }), false],
		['extra.level:x', extra({ level: 'x' }), true],
		['__proto__.a:1', { extra: '{"__proto__": {"a": 1}}' }, true],
		['a:x', { extra: '{"a": "x"' }, false],
		['a:2', { extra: '{"a": 1, "a": 2}' }, true],
	],
	'Arrays match if any element does': [
		['tags:b', extra({ tags: ['a', 'b'] }), true],
		['tags:c', extra({ tags: ['a', 'b'] }), false],
		['tags:(a b)', extra({ tags: ['a', 'b'] }), true],
		['-tags:a', extra({ tags: ['a', 'b'] }), false],
		['tags!=a', extra({ tags: ['a', 'b'] }), false],
		['tags:b', extra({ tags: [['a'], ['b']] }), true],
		['items.id:2', extra({ items: [{ id: 1 }, { id: 2 }] }), true],
		['items[0].id:2', extra({ items: [{ id: 1 }, { id: 2 }] }), false],
		['items[1].id:2', extra({ items: [{ id: 1 }, { id: 2 }] }), true],
		['items[*].id:2', extra({ items: [{ id: 1 }, { id: 2 }] }), true],
		['a.*.id:2', extra({ a: { x: { id: 1 }, y: { id: 2 } } }), true],
		['*.id:2', extra({ x: { id: 2 } }), true],
		['sizes:>2', extra({ sizes: [1, 3] }), true],
	],
	'Numbers are compared by value': [
		['status:500', extra({ status: 500 }), true],
		['status:500', { extra: '{"status": 5e2}' }, true],
		['status:5e2', { extra: '{"status": 500.0}' }, true],
		['status=500', { extra: '{"status": 5e2}' }, false],
		['id:9007199254740993', { extra: '{"id": 9007199254740993}' }, true],
		['id:9007199254740993', { extra: '{"id": 9007199254740992}' }, false],
		['id:>9007199254740992', { extra: '{"id": 9007199254740993}' }, true],
		['status>=500', extra({ status: 500 }), true],
		['status>=500', extra({ status: 499.9 }), false],
		['status>=500', extra({ status: '503' }), true],
		['status<9', extra({ status: '10' }), false],
		['status>=500', extra({ status: 'high' }), false],
		['status>=500', {}, false],
		['n:<0', extra({ n: -1 }), true],
		['n:>-2', extra({ n: -1 }), true],
		['n:<1', extra({ n: null }), false],
		['n:>1', { extra: '{"n": 1e400}' }, true],
		['n:NaN', { extra: '{"n": NaN}' }, true],
		['n:>1', { extra: '{"n": NaN}' }, false],
		['version:>abc', extra({ version: 'abd' }), true],
		['version:>abc', extra({ version: 7 }), false],
		['f:[1 TO 5]', extra({ f: 5 }), true],
		['f:{1 TO 5}', extra({ f: 5 }), false],
		['f:1..5', extra({ f: 1 }), true],
		['f:[2 TO *]', extra({ f: 1 }), false],
		['f:[b TO d]', extra({ f: 'C' }), true],
	],
	'Units are understood': [
		['duration:>1.5s', extra({ duration: 2 }), true],
		['duration:>1.5s', extra({ duration: 1.5 }), false],
		['duration_ms:>1.5s', extra({ duration_ms: 1501 }), true],
		['duration_ms:>1.5s', extra({ duration_ms: 2 }), false],
		['elapsedMs:>1.5s', extra({ elapsedMs: 1501 }), true],
		['elapsed_ns:<1us', extra({ elapsed_ns: 999 }), true],
		['t_us:>=1ms', extra({ t_us: 1000 }), true],
		['wait_seconds:>1m', extra({ wait_seconds: 61 }), true],
		['duration:>1s', extra({ duration: '1500ms' }), true],
		['duration:>1s', extra({ duration: '1m30s' }), true],
		['duration:>2', extra({ duration: '1.5s' }), false],
		['duration:[1s TO 2s]', extra({ duration: '1.2 s' }), true],
		['duration:>1s', extra({ duration: 'slow' }), false],
		['size:>10MB', extra({ size: 10_000_001 }), true],
		['size:>10MB', extra({ size: '10 MiB' }), true],
		['size:>10MiB', extra({ size: '10MB' }), false],
		['size:>=1kB', extra({ size: 1_000 }), true],
		['size:>1s', extra({ size: '10 MB' }), false],
		['size_kb:>1MB', extra({ size_kb: 1_001 }), true],
	],
	'Levels are ordered and have synonyms': [
		['level:>=warn', { level: 'WARNING', severity: 30 }, true],
		['level:>=warning', { level: 'INFO', severity: 20 }, false],
		['level:<error', { level: 'WARNING', severity: 30 }, true],
		['level:>error', { level: 'CRITICAL', severity: 50 }, true],
		['level:>=fatal', { level: 'CRITICAL', severity: 50 }, true],
		['level:fatal', { level: 'CRITICAL', severity: 50 }, true],
		['level:warn', { level: 'WARNING', severity: 30 }, true],
		['level:WARNING', { level: 'WARN', severity: 30 }, true],
		['level:30', { level: 'WARNING', severity: 30 }, true],
		['level:>=30', { level: 'INFO', severity: 20 }, false],
		['level:>=35', { level: 'WARNING', severity: 30 }, false],
		['level:audit', { level: 'AUDIT', severity: 20 }, true],
		['level=warning', { level: 'WARNING', severity: 30 }, false],
		['level=WARNING', { level: 'WARNING', severity: 30 }, true],
		['level:warn*', { level: 'WARNING', severity: 30 }, true],
		['level:[info TO error]', { level: 'AUDIT', severity: 20 }, true],
		['level:{info TO error}', { level: 'INFO', severity: 20 }, false],
		['level:info..error', { level: 'ERROR', severity: 40 }, true],
		['level:(ERROR OR CRITICAL)', { level: 'ERROR', severity: 40 }, true],
	],
	'Times are spans, in local time unless they say': [
		['ts:2026-07-01', at('2026-06-30T22:00:00Z'), true],
		['ts:2026-07-01', at('2026-07-01T21:59:59.999Z'), true],
		['ts:2026-07-01', at('2026-07-01T22:00:00Z'), false],
		['ts:2026-07', at('2026-07-31T21:59:59Z'), true],
		['ts:2026-07-01T10:00Z', at('2026-07-01T10:00:59Z'), true],
		['ts:2026-07-01T10:00', at('2026-07-01T08:00:59Z'), true],
		['ts:2026-07-01T10:00:05+01:00', at('2026-07-01T09:00:05.9Z'), true],
		['ts:"2026-07-01 10:00"', at('2026-07-01T08:00:59Z'), true],
		['ts!=2026-07-01', at('2026-07-01T10:00:00Z'), false],
		['ts:>2026-07-01', at('2026-07-01T21:59:59Z'), false],
		['ts:>2026-07-01', at('2026-07-01T22:00:00Z'), true],
		['ts:>=2026-07-01', at('2026-06-30T22:00:00Z'), true],
		['ts:<2026-07-01', at('2026-06-30T22:00:00Z'), false],
		['ts:<=2026-07-01', at('2026-07-01T21:59:59Z'), true],
		['ts:[2026-07-01 TO 2026-07-02]', at('2026-07-02T21:59:59Z'), true],
		['ts:{2026-07-01 TO 2026-07-03}', at('2026-07-01T21:00:00Z'), false],
		['ts:{2026-07-01 TO 2026-07-03}', at('2026-07-02T21:00:00Z'), true],
		['ts:>-15m', { ts: NOW - 14 * MINUTE }, true],
		['ts:>-15m', { ts: NOW - 16 * MINUTE }, false],
		['ts:[-2h TO -1h]', { ts: NOW - 90 * MINUTE }, true],
		['ts:[-2h TO -1h]', { ts: NOW - 30 * MINUTE }, false],
		['ts:>now-1h30m', { ts: NOW - 89 * MINUTE }, true],
		['since:-1h until:now', { ts: NOW - 59 * MINUTE }, true],
		['since:-1h', { ts: NOW - 61 * MINUTE }, false],
		['ts:[2026-07-01T10:00 TO now]', at('2026-07-01T12:00:01Z'), false],
		['ts:>=13:30', at('2026-07-01T11:30:00Z'), true],
		['ts:<13:30', at('2026-07-01T11:30:00Z'), false],
		['ts:>1782907200', at('2026-07-01T12:00:01Z'), true],
		['ts:1782907200123', { ts: 1_782_907_200_123_456 }, true],
		['created:>2026-07-01', extra({ created: '2026-07-02T10:00:00Z' }), true],
		['created:>-1h', extra({ created: '2026-07-01T11:30:00Z' }), true],
		['created:>-1h', extra({ created: '2026-07-01T13:30:00' }), true],
		['created:>-1h', extra({ created: '2026-07-01T11:30:00' }), false],
		['created:2026-07-01', extra({ created: '2026-07-01T11:30:00Z' }), true],
		['created:2026-07-01', extra({ created: '2026-07-02T11:30:00Z' }), false],
		['created:>2026-07-01', extra({ created: 1_783_000_000 }), true],
		['created:>2026-07-01', extra({ created: 'soon' }), false],
	],
	States: [
		['is:error', { severity: 50 }, true],
		['is:error', { severity: 30 }, false],
		['is:warning', { severity: 30 }, true],
		['is:warning', { severity: 40 }, false],
		['is:marked', { seq: 7 }, true],
		['is:marked', { seq: 8 }, false],
		['is:late', { late: 2_000_000 }, true],
		['is:late', {}, false],
		['is:text', { flags: 2 }, true],
		['is:gap', { flags: 16 }, true],
		['is:quarantined', { flags: 32 }, true],
		['is:quarantined', { flags: 2 }, false],
	],
};

describe.each(Object.entries(groups))('%s', (_, cases) => {
	test.each(cases)('%s of %j: %j', (text, fields, expected) => {
		expect(isMatch(text, fields)).toBe(expected);
	});
});

test('A query that cannot be read is looked for as text', () => {
	const { root } = parseQuery('level: "x');
	expect(matchQuery(root, entryRow({ message: 'the level: "X' }), context)).toBe(true);
	expect(matchQuery(root, entryRow({ message: 'level' }), context)).toBe(false);
});

test('An expression that makes others hang is answered', () => {
	const message = `${'a'.repeat(50_000)}b`;
	const { root } = parseQuery('/^(a+)+$/ OR /(a|a)*c/ OR a*a*a*a*a*a*c');
	expect(matchQuery(root, entryRow({ message }), context)).toBe(false);
});

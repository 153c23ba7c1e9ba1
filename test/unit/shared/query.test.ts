import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import type { EntryRow } from '#shared/model/entry.ts';
import { normalizeFilter } from '#shared/model/normalize-filter.ts';
import { countQuerySchema, MAX_PAGE_ROWS, querySchema } from '#shared/model/query.ts';
import type { Filter } from '#shared/model/query.ts';
import { matchFilter } from '#shared/query/match-filter.ts';
import { entryRow } from '../../support/entries.ts';

const matches = (filter: Filter, fields: Partial<EntryRow>) =>
	matchFilter(filter, entryRow(fields));

const warn = { level: 'WARN', severity: 30 };
const warning = { level: 'WARNING', severity: 30 };

const cases: readonly [string, Filter, Partial<EntryRow>, boolean][] = [
	['no filter takes everything', {}, {}, true],
	['a level is exact by name', { level: 'ERROR' }, { level: 'ERROR' }, true],
	['… in any case', { level: 'eRRoR' }, { level: 'ERROR' }, true],
	['… with space around it', { level: ' error ' }, { level: 'ERROR' }, true],
	['… and is no minimum', { level: 'INFO' }, { level: 'ERROR' }, false],
	['… nor a part of the name', { level: 'WARN' }, warning, false],
	['… nor an alias', { level: 'WARNING' }, warn, false],
	['… blank means any', { level: '  ' }, warn, true],
	['a minimum takes its own level', { min_level: 'WARNING' }, warning, true],
	['… and those above', { min_level: 'WARNING' }, { level: 'CRITICAL', severity: 50 }, true],
	['… not those below', { min_level: 'WARNING' }, { level: 'INFO', severity: 20 }, false],
	['… takes aliases by what they stand for', { min_level: 'WARNING' }, warn, true],
	['… and may be one itself', { min_level: 'warn' }, warning, true],
	['a text is a part of the message', { q: 'port' }, { message: 'Report built' }, true],
	['… in any case', { q: 'REPORT B' }, { message: 'Report built' }, true],
	['… with space cut off its ends', { q: ' built ' }, { message: 'Report built' }, true],
	['… blank means any', { q: ' \t\n' }, {}, true],
	['… Unicode folds too', { q: 'ÄRGER' }, { message: 'kein ärger' }, true],
	['… İ as Python folds it', { q: 'i\u0307' }, { message: 'İstanbul' }, true],
	['… the Kelvin sign is a k', { q: '5 k' }, { message: '5 \u212a' }, true],
	['… ß is not ss', { q: 'strasse' }, { message: 'Straße' }, false],
	['… a sigma folds by its place, as in Python', { q: 'ΟΔΟΣ' }, { message: 'Οδός' }, false],
	['… σ inside a word', { q: 'ΣΟΦ' }, { message: 'σοφός' }, true],
	['… of no other field', { q: 'daily' }, { task_id: 'daily', logger: 'daily' }, false],
	['… % is no wildcard', { q: 'a%c' }, { message: 'abc' }, false],
	['… % is found', { q: '50%' }, { message: 'at 50% now' }, true],
	['… _ is no wildcard', { q: 'a_c' }, { message: 'abc' }, false],
	['… * and . are plain', { q: '.*' }, { message: 'abc' }, false],
	['a task id is exact', { task_id: 'daily' }, { task_id: 'daily' }, true],
	['… not a part', { task_id: 'dail' }, { task_id: 'daily' }, false],
	['… case-sensitive', { task_id: 'Daily' }, { task_id: 'daily' }, false],
	['… with space cut off its ends', { task_id: ' daily ' }, { task_id: 'daily' }, true],
	['… empty means any', { task_id: '' }, { task_id: 'daily' }, true],
	['… an entry without one has none', { task_id: 'undefined' }, {}, false],
	['since is inclusive', { since: 5 }, { ts: 5 }, true],
	['… and a bound', { since: 5 }, { ts: 4 }, false],
	['until is inclusive', { until: 5 }, { ts: 5 }, true],
	['… and a bound', { until: 5 }, { ts: 6 }, false],
	['since 0 is a bound too', { since: 0 }, { ts: -1 }, false],
	['a source is exact', { source: 2 }, { source: 1 }, false],
	['up_to is inclusive', { up_to: 7 }, { seq: 7 }, true],
	['… and a bound', { up_to: 7 }, { seq: 8 }, false],
	['arrived_after is no part of it', { arrived_after: 7 }, { seq: 7 }, false],
	['… but what came after', { arrived_after: 7 }, { seq: 8 }, true],
	['a query is in its language', { query: 'level:info port' }, { message: 'Report' }, true],
	['… and has to match', { query: '-port' }, { message: 'Report' }, false],
	['… blank means any', { query: ' ' }, {}, true],
	['… what it cannot read is text', { query: 'a (b' }, { message: 'A (B)' }, true],
	['… counts from the given moment', { query: 'ts:>-1s', at: 9_000_000 }, { ts: 8_000_001 }, true],
	['… and not later', { query: 'ts:>-1s', at: 9_000_001 }, { ts: 8_000_001 }, false],
	[
		'… in the given zone',
		{ query: 'ts:1970-01-01T02', zone: 'Etc/GMT-2' },
		{ ts: 3_599_999_999 },
		true,
	],
	['… with the given marks', { query: 'is:marked', marked: [3, 5] }, { seq: 5 }, true],
	['… and only these', { query: 'is:marked', marked: [3] }, { seq: 5 }, false],
	['… and notes', { query: 'note:x', notes: [{ seq: 5, text: 'X' }] }, { seq: 5 }, true],
	['… and what was seen', { query: 'is:new', seen_to: 5 }, { seq: 6 }, true],
	['… without which nothing is new', { query: 'is:new' }, { seq: 6 }, false],
	['a second query has to match too', { query: 'a', also: 'b' }, { message: 'a' }, false],
	['… if both do it is in', { query: 'a', also: 'b' }, { message: 'b a' }, true],
	['all are joined by AND', { level: 'INFO', q: 'x' }, { message: 'Report' }, false],
];

describe('matchFilter', () => {
	test.each(cases)('%s', (_, filter, fields, expected) => {
		expect(matches(filter, fields)).toBe(expected);
	});
});

test('normalizeFilter leaves out what means any, and spells the rest one way', () => {
	expect(normalizeFilter({ task_id: ' ', level: '', min_level: ' ', q: '\n' })).toEqual({});
	expect(
		normalizeFilter({ task_id: ' a ', level: ' warn', min_level: 'error ', q: ' X y ', since: 0 }),
	).toEqual({ task_id: 'a', level: 'WARN', min_level: 'ERROR', q: 'X y', since: 0 });
});

test('normalizeFilter keeps of a moment, a zone and marks only what queries depend on', () => {
	const known = {
		at: 5,
		zone: 'Europe/Berlin',
		marked: [7, 3, 7],
		notes: [{ seq: 2, text: 'a' }],
		seen_to: 9,
	};
	expect(normalizeFilter({ ...known, query: ' a level:x ', also: '\n' })).toEqual({
		query: 'a level:x',
	});
	expect(normalizeFilter(known)).toEqual({});
	expect(normalizeFilter({ ...known, query: 'ts:>-1h' })).toEqual({ query: 'ts:>-1h', at: 5 });
	expect(normalizeFilter({ ...known, also: 'ts:2026-07-01' })).toEqual({
		also: 'ts:2026-07-01',
		zone: 'Europe/Berlin',
	});
	expect(normalizeFilter({ ...known, query: '(x OR -f:>10:00)' })).toEqual({
		query: '(x OR -f:>10:00)',
		at: 5,
		zone: 'Europe/Berlin',
	});
	expect(normalizeFilter({ ...known, query: 'is:marked' })).toEqual({
		query: 'is:marked',
		marked: [3, 7],
	});
	expect(normalizeFilter({ ...known, query: 'has:note', also: '-is:new' })).toEqual({
		query: 'has:note',
		also: '-is:new',
		notes: [{ seq: 2, text: 'a' }],
		seen_to: 9,
	});
});

test('matchFilter knows sources by the names it is told', () => {
	const sources = new Map([[4, 'app.jsonl']]);
	expect(matchFilter({ query: 'source:app*' }, entryRow({ source: 4 }), sources)).toBe(true);
	expect(matchFilter({ query: 'source:app*' }, entryRow({ source: 5 }), sources)).toBe(false);
	expect(matchFilter({ query: 'source:app*' }, entryRow({ source: 4 }))).toBe(false);
});

test('half a surrogate pair is what it is shown as', () => {
	expect(normalizeFilter({ task_id: 'a\ud83d', level: '\ud83d', q: 'x\ud83d' })).toEqual({
		task_id: 'a\ufffd',
		level: '\ufffd',
		q: 'x\ufffd',
	});
	expect(matches({ q: '\ud83d' }, { message: 'done 😀' })).toBe(false);
	expect(matches({ q: '\ud83d' }, { message: 'done \ufffd' })).toBe(true);
});

describe('querySchema', () => {
	test('gives a limit of 200 from the newest on', () => {
		expect(v.parse(querySchema, {})).toEqual({ limit: 200, offset: 0 });
	});

	test.each([
		{ limit: 0 },
		{ limit: MAX_PAGE_ROWS + 1 },
		{ limit: 1.5 },
		{ limit: '10' },
		{ limit: Number.NaN },
		{ offset: -1 },
		{ up_to: -1 },
		{ level: 5 },
		{ q: 'x'.repeat(10_001) },
		{ since: '2026-01-01' },
		{ source: 1.5 },
		{ unknown: 1 },
		null,
		'level=ERROR',
	])('refuses %j', (query) => {
		expect(v.is(querySchema, query)).toBe(false);
	});

	test('a count has no page, a query counts from no entry', () => {
		expect([
			v.is(countQuerySchema, { after: 3, up_to: 9 }),
			v.is(countQuerySchema, { limit: 3 }),
			v.is(querySchema, { after: 3 }),
		]).toEqual([true, false, false]);
	});
});

import assert from 'node:assert/strict';
import type { Filter } from '#shared/model/query.ts';
import type { LogStorage, StoredEntry } from '../log-storage.ts';
import type { CaseOf, PlaceOfCase } from './contract.ts';
import { assertIds, byTime, matcherOf, readAll } from './read-pages.ts';
import { ODD_ENTRIES, START, VARIED_ENTRIES } from './sample-entries.ts';

/** Each field of a filter, alone and together with others. */
const FILTERS: readonly Filter[] = [
	{},
	{ task_id: 'daily-report' },
	{ task_id: 'DAILY-REPORT' },
	{ task_id: 'a%b' },
	{ task_id: 'a_b' },
	{ task_id: '%' },
	{ task_id: '' },
	{ level: 'ERROR' },
	{ level: 'error' },
	{ level: 'WARN' },
	{ level: 'audit' },
	{ min_level: 'WARNING' },
	{ min_level: 'warn' },
	{ min_level: 'CRITICAL' },
	{ min_level: 'no level' },
	{ q: 'timeout' },
	{ q: '100%' },
	{ q: '_' },
	{ q: 'path\\to' },
	{ q: '"work"' },
	{ q: "it's" },
	{ q: 'ÜNÏCÖDE GRÖSSER' },
	{ q: 'größer' },
	{ q: '\u{1f600}' },
	{ q: 'line 9\nsecond' },
	{ q: '   ' },
	{ since: START + 10_000_000 },
	{ until: START + 10_000_000 },
	{ since: START + 10_000_000, until: START + 20_000_000 },
	{ since: START + 250_000, until: START + 250_000 },
	{ since: START + 20_000_000, until: START + 10_000_000 },
	{ since: -62_135_596_800_000_000 },
	{ source: 0 },
	{ source: 1 },
	{ quarantined: true },
	{ quarantined: false },
	{ task_id: 'cleanup', level: 'ERROR' },
	{ task_id: 'daily-report', min_level: 'WARNING', q: 'report', since: START + 5_000_000 },
	{ query: 'level:error', also: 'timeout' },
	{ query: 'has:run_id', q: 'built', min_level: 'INFO' },
];

/** One text at least for each thing the language can say. */
const QUERIES: readonly string[] = [
	'timeout',
	'TIMEOUT left',
	'"100% of"',
	'"the same again" OR größer',
	'-timeout',
	'NOT (timeout OR built)',
	'rep*',
	't?meout',
	'/built in \\d+ ms/',
	'/TIMEOUT/',
	'/timeout/i',
	'/[0-9]{3} s:/',
	'message:"the same again"',
	'message:*work*',
	'level:error',
	'level:>=warning',
	'level:<error',
	'level=WARN',
	'level!=WARNING',
	'level:(error OR critical)',
	'level:a*',
	'task_id:daily-report',
	'task_id=Daily-Report',
	'task_id!=cleanup',
	'task_id:a*',
	'task_id:a%b',
	'has:task_id',
	'-has:task_id',
	'logger:asyncz.*',
	'logger:myapp',
	'-logger:*',
	'ts:>2026-11-22T10:19:56',
	'ts:[2026-11-22T10:19:50 TO 2026-11-22T10:20:00]',
	'ts:2026-11-22',
	'since:2026-11-22T10:20',
	'until:-1h',
	'ts:>-60s',
	'run_id:run-1',
	'extra.run_id:run-1',
	'run_id:(run-1 OR run-2)',
	'run_id:*',
	'rows:>500',
	'rows:[100 TO 300]',
	'rows:{100 TO 300}',
	'rows:100..300',
	'rows!=500',
	'user.id:7',
	'user.name:ann',
	'user.name=ann',
	'user:*',
	'duration:7.5',
	'duration:>=100.500',
	'ok:true',
	'ok:false',
	'none:null',
	'tags:b1',
	'tags.0:a',
	'tags.*:b2',
	'big:9007199254740993',
	'big:9007199254740992',
	'big:>9007199254740992',
	'text:9007199254740993',
	'a.b:dotted',
	'exception:*KeyError*',
	'has:exception',
	'*:ann',
	'*:keyerror',
	'is:error',
	'is:warning',
	'is:quarantined',
	'is:text',
	'is:late',
	'is:marked',
	'pattern:"the same again"',
	'((level:error OR level:critical) AND -timeout) OR run_id:run-3',
	'no:such AND field:*',
	'level:error AND (',
	'"',
	'\\',
	"'; DROP TABLE asyncz_logs; --",
	'%',
	'\u{1f600}',
];

const ODD_QUERIES: readonly Filter[] = [
	...['nothing', '\0', '\ufeff', '\\n', "it's", '$$', ':name', '\u2028', '\ud83d', '\u202e'].map(
		(q) => ({ q }),
	),
	...ODD_ENTRIES.flatMap(({ task_id }) => (task_id === undefined ? [] : [{ task_id }])),
	...['one:1', 'one:1.0', 'e:100', 'tiny:<1', '__proto__.polluted:true', 'constructor:1'].map(
		(query) => ({ query }),
	),
	...['toString:x', 'twice:*', 'nested.list:3', 'deep:bottom', 'spaced:1', 'zero:0', 'é:4'].map(
		(query) => ({ query }),
	),
	{ level: 'ärger' },
	{ level: 'INFO+2' },
	{ min_level: 'INFO+2' },
	{ since: 0, until: 1 },
	{ until: -1 },
	{ since: 253_402_300_799_000_000 },
];

/** A storage selects what `matchFilter` selects, whatever is asked. */
export const queryCases: readonly CaseOf[] = [
	{
		name: 'Every field of a filter selects what matchFilter selects',
		run: (place) => agreesOver(place, VARIED_ENTRIES, FILTERS),
	},
	{
		name: 'Every text of the query language selects what matchFilter selects',
		run: (place) =>
			agreesOver(
				place,
				VARIED_ENTRIES,
				QUERIES.map((query) => ({ query, at: START + 120_000_000, zone: 'Europe/Berlin' })),
			),
	},
	{
		name: 'Odd texts are found by odd texts',
		run: (place) => agreesOver(place, ODD_ENTRIES, ODD_QUERIES),
	},
	{
		name: 'What came up to a number or after it is selected, where entries have numbers',
		async run(place) {
			const storage = await place.open();
			await storage.append(VARIED_ENTRIES);
			const all = await readAll(storage);
			const [seq, newer] = [all[200]?.seq, all[100]?.seq];
			if (seq === undefined || newer === undefined) {
				return;
			}
			for (const filter of [
				{ up_to: seq },
				{ arrived_after: seq },
				{ arrived_after: seq, up_to: newer },
				{ up_to: seq, level: 'ERROR' },
				{ query: 'is:marked', marked: [seq, newer] },
				{ query: 'is:new', seen_to: seq },
				{ query: 'note:look', notes: [{ seq, text: 'look here' }] },
			]) {
				await agrees(storage, all, filter);
			}
		},
	},
];

async function agreesOver(
	place: PlaceOfCase,
	entries: typeof VARIED_ENTRIES,
	filters: readonly Filter[],
): Promise<void> {
	const storage = await place.open();
	await storage.append(entries);
	const all = await readAll(storage);
	assert.equal(all.length, entries.length, 'There are not as many entries as were stored');
	for (const filter of filters) {
		await agrees(storage, all, filter);
	}
}

/** Holds in both orders. `all`: every entry there is, newest first. */
async function agrees(
	storage: LogStorage,
	all: readonly StoredEntry[],
	filter: Filter,
): Promise<void> {
	const expected = all.filter(matcherOf(filter));
	const what = JSON.stringify(filter);
	assertIds(await readAll(storage, { filter, limit: 100 }), expected, what);
	const found = await readAll(storage, { filter, order: 'time', limit: 100 });
	assertIds(found, byTime(expected), `${what} by time`);
}

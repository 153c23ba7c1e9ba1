import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, parseSettings, settingsChangeSchema } from '#shared/model/settings.ts';
import type { Settings } from '#shared/model/settings.ts';

const CHOSEN: Settings = {
	theme: 'dark',
	time_zone: 'utc',
	refresh: '5s',
	limit: 0,
	column_widths: { time: 120, message: 4_000 },
	columns: ['time', 'delta', 'message', 'run_id'],
	order: 'time',
	newest: 'bottom',
	precision: 6,
	density: 'roomy',
	wrap: true,
	zebra: true,
	histogram: false,
	facets: ['run_id', 'queue'],
	views: [
		{
			name: 'Failures',
			query: 'level:>=error',
			range: { kind: 'last', minutes: 60 },
			columns: ['time', 'message'],
			refresh: 'live',
			order: 'auto',
		},
	],
	marks: [{ seq: 7, ts: 1_795_342_787_283_000, note: 'Ask the DBA' }],
	history: ['timeout'],
	letter_keys: false,
	keys: { follow: ['F8'] },
	details_width: 500,
	keep_text: false,
	retention: { rows: 1_000_000, bytes: 0, days: 30 },
	feeds: { unix: false, tcp: 9_020, connect: ['unix:/run/x.sock', 'tcp:127.0.0.1:9021'] },
	storage: { active: 'memory', mirrors: ['jsonl:/var/log/all.jsonl'], spool_bytes: 0 },
	recent: ['/var/log/app.jsonl'],
};

const storageOf = (storage: unknown) => parseSettings({ storage }).storage;

describe('parseSettings', () => {
	test('keeps what is valid', () => {
		expect(parseSettings(CHOSEN)).toEqual(CHOSEN);
	});

	test.each([[undefined], [null], [5], ['dark'], [[]], [{}], [new Map()]])(
		'of %j are the defaults',
		(value) => {
			expect(parseSettings(value)).toEqual(DEFAULT_SETTINGS);
		},
	);

	test.each<[keyof Settings, readonly unknown[]]>([
		['theme', ['blue', 1, null, undefined, {}]],
		['time_zone', ['CET', true]],
		['refresh', ['2s', 1_000]],
		['limit', [201, '200', -1, Number.NaN]],
		['column_widths', [{ time: 39 }, { time: 4_001 }, { time: 100.5 }, { '': 100 }, 'wide']],
		['columns', [[], [1], 'time', {}]],
		['order', ['newest', 1]],
		['precision', [1, '3']],
		['facets', [[''], 'run_id', Array.from({ length: 16 }, String)]],
		['views', [[{ name: 'x' }], {}]],
		['marks', [[1], [{ seq: -1, ts: 0 }]]],
		['history', [[1], 'x']],
		['details_width', [199, 2_001, 300.5, '380', Infinity]],
		['keep_text', ['yes', 1, null]],
		['retention', [{}, { rows: -1, bytes: 0, days: 0 }, { rows: 0, bytes: 0 }, 5, []]],
		[
			'feeds',
			[
				{},
				{ unix: 1, tcp: 0, connect: [] },
				{ unix: true, tcp: 65_536, connect: [] },
				{ unix: true, tcp: 0, connect: ['tcp:example.org:80'] },
				{ unix: true, tcp: 0, connect: [], more: 1 },
			],
		],
		['storage', [null, 'memory', 5]],
		['recent', [[1], 'a.log', Array.from({ length: 21 }, String), {}]],
	])('puts the default for an invalid %s, and keeps all others', (name, values) => {
		for (const value of values) {
			expect(parseSettings({ ...CHOSEN, [name]: value })).toEqual({
				...CHOSEN,
				[name]: DEFAULT_SETTINGS[name],
			});
		}
	});

	test('of where entries are kept too, one by one', () => {
		expect(storageOf({ active: 'memory' })).toEqual({
			...DEFAULT_SETTINGS.storage,
			active: 'memory',
		});
		expect(storageOf({ active: '', mirrors: 'memory', spool_bytes: -1 })).toEqual(
			DEFAULT_SETTINGS.storage,
		);
		expect(storageOf({ mirrors: ['memory'], spool_bytes: 5 })).toEqual({
			active: 'sqlite',
			mirrors: ['memory'],
			spool_bytes: 5,
		});
	});

	test('leaves unknown names out', () => {
		expect(parseSettings({ ...CHOSEN, colour: 'red', __proto__: { limit: 5 } })).toEqual(CHOSEN);
	});

	test('never hands out the defaults themselves', () => {
		const settings = parseSettings({});
		settings.recent.push('/x');
		settings.column_widths['time'] = 99;
		settings.feeds.connect.push('unix:/x');
		settings.storage.mirrors.push('memory');
		parseSettings({ storage: {} }).storage.mirrors.push('memory');
		expect(parseSettings({})).toMatchObject({
			recent: [],
			column_widths: {},
			feeds: { connect: [] },
			storage: { mirrors: [] },
		});
		expect(parseSettings({ storage: {} }).storage.mirrors).toEqual([]);
	});
});

test('a change may have any of them but the recent files and the storage, which are not the user interface’s', () => {
	expect(v.parse(settingsChangeSchema, { theme: 'light' })).toEqual({ theme: 'light' });
	expect(
		[
			{ recent: [] },
			{ storage: DEFAULT_SETTINGS.storage },
			{ theme: 'blue' },
			{ colour: 'red' },
			null,
		].map((change) => v.is(settingsChangeSchema, change)),
	).toEqual([false, false, false, false, false]);
});

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { SettingsFile } from '#engine/settings-file.ts';
import type { UserData } from '#engine/settings-file.ts';
import { temporaryFolder } from '../../support/temp-folder-of-test.ts';

const EMPTY: UserData = {
	settings: DEFAULT_SETTINGS,
	sources: [],
	marks_of: 'sqlite',
	other_marks: {},
	next_source: 1,
};
const SOURCE = { id: 3, config: { type: 'file' as const, path: '/var/log/app.jsonl' } };
const DATA: UserData = {
	settings: { ...DEFAULT_SETTINGS, theme: 'dark', recent: ['/var/log/app.jsonl'] },
	sources: [SOURCE],
	marks_of: 'memory',
	other_marks: { sqlite: [{ seq: 5, ts: 6, note: 'look' }] },
	next_source: 8,
};

function withText(text: string) {
	const path = join(temporaryFolder(), 'settings.json');
	writeFileSync(path, text);
	return { path, ...new SettingsFile(path).load() };
}

test('gives back what was saved, in a file of its own that this user alone can read', () => {
	const folder = temporaryFolder();
	const path = join(folder, 'new', 'settings.json');
	new SettingsFile(path).save(DATA);
	new SettingsFile(path).save(DATA);
	expect(new SettingsFile(path).load()).toEqual({ data: DATA });
	expect(readdirSync(join(folder, 'new'))).toEqual(['settings.json']);
	expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('begins with the defaults where there is no file', () => {
	expect(new SettingsFile(join(temporaryFolder(), 'settings.json')).load()).toEqual({
		data: EMPTY,
	});
});

describe('a file that can not be understood', () => {
	test.each(['', '{', 'null', '5', '"text"', '[1]', '{"settings": {}} trailing', '\0\0\0\0'])(
		'is set aside as it was: %j',
		(text) => {
			const { path, data, problem } = withText(text);
			const [aside = '', ...others] = readdirSync(join(path, '..'));
			expect([data, others]).toEqual([EMPTY, []]);
			expect(readFileSync(join(path, '..', aside), 'utf8')).toBe(text);
			expect(problem).toBe(
				`The settings ${path} could not be understood. They were kept as ${join(path, '..', aside)}, and defaults are used. Open your log files again.`,
			);
		},
	);

	test('or can not be read is left alone', () => {
		const path = join(temporaryFolder(), 'settings.json');
		mkdirSync(path);
		expect(new SettingsFile(path).load()).toEqual({
			data: EMPTY,
			problem: expect.stringMatching(/settings\.json can't be read .*defaults are used/),
			isUnread: true,
		});
	});
});

describe('what in it is not valid is left out', () => {
	test.each<[string, unknown, Partial<UserData>]>([
		['other keys', { ...DATA, colour: 'red' }, DATA],
		[
			'settings',
			{ ...DATA, settings: { theme: 'blue', limit: 1_000 } },
			{ settings: { ...DEFAULT_SETTINGS, limit: 1_000 } },
		],
		['sources that are no list', { sources: {} }, { sources: [] }],
		[
			'sources of another kind',
			{ sources: [SOURCE, { id: 4, config: { type: 'tcp', port: 1 } }, null] },
			{ sources: [SOURCE] },
		],
		[
			'an id twice',
			{ sources: [SOURCE, { ...SOURCE, config: { type: 'file', path: '/other' } }] },
			{ sources: [SOURCE] },
		],
		[
			'ids that are none',
			{
				sources: [
					{ ...SOURCE, id: 1.5 },
					{ ...SOURCE, id: -1 },
					{ ...SOURCE, id: '3' },
				],
			},
			{ sources: [] },
		],
		['a next id already given', { sources: [SOURCE], next_source: 2 }, { next_source: 4 }],
		['a next id that is none', { next_source: 'one' }, { next_source: 1 }],
		['a next id that is no whole number', { next_source: 2.5 }, { next_source: 1 }],
	])('%s', (_, value, expected) => {
		const { data, problem } = withText(JSON.stringify(value));
		expect({ data, problem }).toMatchObject({ data: expected, problem: undefined });
	});
});

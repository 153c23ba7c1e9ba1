import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import type { Settings } from '#shared/model/settings.ts';
import { SettingsUnderWay } from '../../../src/renderer/state/settings-under-way.ts';

const withLimit = (limit: Settings['limit']): Settings => ({ ...DEFAULT_SETTINGS, limit });

test('what is told of a change does not take back the next one', async () => {
	const taken: Settings['limit'][] = [];
	const settings = new SettingsUnderWay(({ limit }) => taken.push(limit));
	settings.told(withLimit(200));
	const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
	const sent = [first, second].map(({ promise }) => settings.send(() => promise));
	settings.told(withLimit(1_000));
	first.resolve();
	await sent[0];
	expect(taken).toEqual([200]);
	settings.told(withLimit(10_000));
	second.resolve();
	await sent[1];
	expect(taken).toEqual([200, 10_000]);
	settings.told(withLimit(0));
	expect(taken).toEqual([200, 10_000, 0]);
});

test('a change that is refused leaves what the engine has', async () => {
	const taken: Settings['limit'][] = [];
	const settings = new SettingsUnderWay(({ limit }) => taken.push(limit));
	const refused = settings.send(() => Promise.reject(new Error('no')));
	settings.told(withLimit(1_000));
	await expect(refused).rejects.toThrow('no');
	expect(taken).toEqual([1_000]);
});

import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, newLog, numberedMessages } from '../support/write-log.ts';

const SOON = { interval: 10, timeout: 10_000 };

describe('opened again', () => {
	test('it has its sources, settings and entries, and each line once', async () => {
		const folder = temporaryFolder();
		const [a, b] = [newLog(['a 1'], 'a.jsonl'), newLog(['b 1'], 'b.jsonl')];
		const first = await EngineClient.open(folder);
		await first.openFile(a);
		await first.openFile(b);
		await first.openFile(a);
		await first.api.updateSettings({ theme: 'dark', column_widths: { time: 99 } });
		const { settings } = await first.state();
		await first.close();
		appendLog(b, ['b 2']);
		const second = await EngineClient.open(folder);
		await second.untilStored(3);
		await second.untilRead();
		expect(await second.messages()).toEqual(['b 2', 'b 1', 'a 1']);
		const state = await second.state();
		expect(state.settings).toEqual({
			...DEFAULT_SETTINGS,
			theme: 'dark',
			column_widths: { time: 99 },
			recent: [a, b],
		});
		expect([state.settings, state.problems]).toEqual([settings, []]);
		expect(state.sources.map(({ id, path, ledger }) => [id, path, ledger.entries])).toEqual([
			[1, a, 1],
			[2, b, 2],
		]);
	});

	test('in the middle of a history, it reads the rest of it', async () => {
		const folder = temporaryFolder();
		const messages = numberedMessages('m', 0, 100_000);
		const path = newLog(messages);
		const first = await EngineClient.open(folder);
		const { state } = await first.openFile(path);
		await first.close();
		const second = await EngineClient.open(folder);
		appendLog(path, ['new']);
		await second.untilStored(100_001);
		await second.untilRead();
		expect(state).toBe('indexing');
		const expected = [...messages, 'new'].toReversed();
		expect(firstDifference(await second.messages(), expected)).toBeUndefined();
	}, 60_000);

	test('a file that is not there is waited for, and read on where it was left', async () => {
		const folder = temporaryFolder();
		const path = newLog(['a', 'b']);
		const first = await EngineClient.open(folder);
		await first.openFile(path);
		await first.close();
		fs.renameSync(path, `${path}.away`);
		const second = await EngineClient.open(folder);
		const { message, ledger } = await second.untilSource('missing');
		expect([message, ledger.entries, await second.messages()]).toEqual([
			expect.stringContaining(path),
			2,
			['b', 'a'],
		]);
		fs.renameSync(`${path}.away`, path);
		appendLog(path, ['c']);
		await expect.poll(() => second.messages(), SOON).toEqual(['c', 'b', 'a']);
	});

	test('a source that was closed stays away', async () => {
		const folder = temporaryFolder();
		const first = await EngineClient.open(folder);
		const { id } = await first.openFile(newLog(['a']));
		await first.api.closeSource({ id });
		await first.close();
		const second = await EngineClient.open(folder);
		expect([(await second.state()).sources, await second.messages()]).toEqual([[], []]);
		expect((await second.openFile(newLog(['b']))).id).toBe(id + 1);
	});

	test('entries of a source whose removal was broken off are removed', async () => {
		const folder = temporaryFolder();
		const first = await EngineClient.open(folder);
		const [path, other] = [newLog(numberedMessages('m', 0, 30_000)), newLog(['other'])];
		const { id } = await first.openFile(path);
		await first.openFile(other);
		await first.untilStored(30_001);
		const closing = first.api.closeSource({ id }).catch((error: unknown) => error);
		const settings = join(folder, 'settings.json');
		await until('it to begin', () => !fs.readFileSync(settings, 'utf8').includes('"id": 1,'));
		await first.kill();
		expect(await closing).toMatchObject({ code: 'closed' });
		const second = await EngineClient.open(folder);
		await expect.poll(async () => (await second.state()).storage.size, SOON).toBe(1);
		expect(await second.messages()).toEqual(['other']);
	}, 30_000);
});

describe('settings', () => {
	test('that can not be understood are set aside, and its files can be opened again', async () => {
		const folder = temporaryFolder();
		const [a, b] = [newLog(['a']), newLog(['b'])];
		const first = await EngineClient.open(folder);
		await first.openFile(a);
		await first.close();
		fs.writeFileSync(join(folder, 'settings.json'), '{ broken');
		const second = await EngineClient.open(folder);
		const { message } = await second.untilProblem('could not be understood');
		expect(message).toContain(join(folder, 'settings.json.broken-'));
		const { id } = await second.openFile(b);
		await second.openFile(a);
		expect(id).toBeGreaterThan(1);
		await expect.poll(() => second.messages(), SOON).toEqual(['a', 'b']);
	});

	test('change one by one, are told, and refused when they are none', async () => {
		const engine = await EngineClient.open(temporaryFolder());
		await engine.api.updateSettings({ theme: 'light' });
		expect(await engine.api.updateSettings({ limit: 0 })).toMatchObject({
			theme: 'light',
			limit: 0,
		});
		await expect(engine.api.updateSettings({ limit: 7 } as never)).rejects.toMatchObject({
			code: 'invalid-params',
		});
		const told = engine.events.filter(({ name }) => name === 'settingsChanged');
		expect(told.map(({ value }) => value)).toMatchObject([
			{ theme: 'light', limit: 200 },
			{ theme: 'light', limit: 0 },
		]);
	});

	test('that can not be saved last until the end, and it is said so', async () => {
		const folder = temporaryFolder();
		const engine = await EngineClient.open(folder);
		fs.mkdirSync(join(folder, 'settings.json.new'));
		expect(await engine.api.updateSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark' });
		await engine.untilProblem("The settings can't be saved");
		fs.rmdirSync(join(folder, 'settings.json.new'));
		await engine.api.updateSettings({ theme: 'light' });
		expect((await engine.state()).problems).toEqual([]);
	});

	test('remember the 20 files opened last', async () => {
		const engine = await EngineClient.open(temporaryFolder());
		const paths = Array.from({ length: 22 }, (_, n) => newLog([`m ${n}`], `${n}.jsonl`));
		for (const path of paths) {
			await engine.openFile(path);
		}
		expect((await engine.state()).settings.recent).toEqual(paths.slice(-20).toReversed());
	});
});

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { EngineClient } from '../support/engine-client.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { infoOf, messagesIn, untilTaken } from '../support/used-storages.ts';
import { appendLog, newLog, numberedMessages } from '../support/write-log.ts';

test('tells of the database in the data folder, which is what the table shows', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	await engine.openFile(newLog(numberedMessages('m', 0, 5)));
	await engine.untilStored(5);
	expect((await engine.state()).storages).toEqual([
		{
			address: 'sqlite',
			kind: 'sqlite',
			name: 'SQLite',
			role: 'active',
			condition: 'ready',
			waiting: 0,
			missed: 0,
			abilities: { durability: 'disk', delivery: 'once', follows: 'own-only', isShared: false },
			stats: { size: 5, appended: 5, dropped: 0, bytes: expect.any(Number) },
		},
	]);
	expect(engine.events).toContainEqual({
		name: 'storagesChanged',
		value: [expect.objectContaining({ address: 'sqlite', role: 'active' })],
	});
	expect(await engine.api.testStorage({ address: 'sqlite' })).toMatchObject({ ok: true });
});

test('refuses an address that is none, and keeps what it uses', async () => {
	const engine = await EngineClient.open(temporaryFolder());
	const choice = { active: 'sqlite', mirrors: ['redis://u:secret@h/none'], send_stored: false };
	await expect(engine.api.setStorages(choice)).rejects.toMatchObject({ code: 'invalid-options' });
	await expect(engine.api.setStorages(choice)).rejects.not.toThrow(/secret/);
	expect((await engine.state()).settings.storage).toEqual(DEFAULT_SETTINGS.storage);
});

test('the table shows the storage that is chosen, live, and its marks', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	const log = newLog(numberedMessages('a', 0, 20));
	await engine.openFile(log);
	await engine.untilStored(20);
	const marks = [{ seq: (await engine.rows())[0]?.seq ?? 0, ts: 1, note: 'mine' }];
	await engine.api.updateSettings({ marks });
	const address = 'memory?maxlen=10';
	await engine.api.setStorages({ active: address, mirrors: [], send_stored: true });
	await untilTaken(engine, address);
	expect(await engine.messages()).toEqual(numberedMessages('a', 10, 20).toReversed());
	appendLog(log, ['new']);
	await until('the new one to be shown', async () => (await engine.messages())[0] === 'new');
	await until('it to be counted', async () => (await infoOf(engine, address))?.stats?.size === 10);
	const state = await engine.state();
	expect(state.storage).toMatchObject({ kind: 'memory', size: 10 });
	expect(state.storages).toMatchObject([
		{ kind: 'memory', role: 'active', condition: 'ready', missed: 0 },
	]);
	expect(state.settings.marks).toEqual([]);
	expect((await engine.rows())[0]).toMatchObject({ source: 0 });

	await engine.api.setStorages({ active: 'sqlite', mirrors: [], send_stored: false });
	expect(await engine.messages()).toHaveLength(21);
	expect((await engine.state()).settings.marks).toEqual(marks);
	expect(engine.stderr).toBe('');
});

test('a storage named for a run is shown in it, and the one of the settings afterwards', async () => {
	const folder = temporaryFolder();
	const data = join(folder, 'data');
	const path = join(folder, 'run.jsonl');
	const first = new EngineClient();
	await first.control.open({ data_folder: data, storage: `jsonl:${path}` });
	await first.openFile(newLog(['a', 'b']));
	await until('both to be shown', async () => (await first.messages()).length === 2);
	expect((await first.state()).storage.kind).toBe('jsonl');
	expect((await first.state()).settings.storage.active).toBe('sqlite');
	await first.close();
	expect(messagesIn(path)).toEqual(['a', 'b']);
	const second = await EngineClient.open(data);
	expect((await second.state()).storages).toHaveLength(1);
	expect(await second.messages()).toEqual(['b', 'a']);
});

test('a run with its entries in memory keeps none of them on the disk', async () => {
	const data = join(temporaryFolder(), 'data');
	const first = new EngineClient();
	await first.control.open({ data_folder: data, storage: 'memory', keeps_nothing: true });
	await first.openFile(newLog(['a', 'b']));
	await until('both to be shown', async () => (await first.messages()).length === 2);
	await first.close();
	expect(existsSync(join(data, 'logs.db'))).toBe(false);
});

test('tests a storage without storing anything', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	expect(await engine.api.testStorage({ address: 'memory' })).toMatchObject({
		ok: true,
		stats: { size: 0 },
	});
	const missing = `jsonl:${join(folder, 'no', 'such.jsonl')}`;
	const { ok, message } = await engine.api.testStorage({ address: missing });
	expect([ok, message]).toEqual([false, expect.stringContaining('such.jsonl')]);
	expect(await engine.api.testStorage({ address: 'nothing:' })).toMatchObject({ ok: false });
});

/** One that has nothing, and takes nothing. */
const READ_ONLY = `export const openStorage = () => ({
	abilities: { durability: 'server', delivery: 'once', follows: 'poll', isShared: true, readOnly: 'Ask its owner.' },
	append: async () => { throw new Error('It is not allowed.'); },
	query: async () => ({ entries: [], isEnd: true }),
	stats: async () => ({ size: 0 }),
	follow: async () => async () => {},
	close: async () => {},
});`;

test('a storage that can only be read is one to look at, and holds no logs up', async () => {
	const folder = temporaryFolder();
	const module = join(folder, 'read-only.mjs');
	writeFileSync(module, READ_ONLY);
	const address = `module:${module}`;
	const engine = await EngineClient.open(join(folder, 'data'));
	expect(await engine.api.testStorage({ address })).toMatchObject({
		ok: true,
		message: expect.stringMatching(/can be read, not written to: it has 0 entries\.$/),
	});
	await engine.api.setStorages({ active: address, mirrors: [], send_stored: true });
	await engine.api.setSpoolBytes({ bytes: 50_000 });
	const log = newLog();
	await engine.openFile(log);
	for (let part = 1; part <= 4; part++) {
		appendLog(log, numberedMessages('m', 0, 1_000));
		await until(`part ${part} to be read`, async () => {
			const [source] = (await engine.state()).sources;
			return source?.ledger.entries === part * 1_000;
		});
	}
	expect(await infoOf(engine, address)).toMatchObject({
		condition: 'ready',
		message: 'It can be read, not written to. Ask its owner.',
		waiting: 4_000,
	});
	// A mirror that takes nothing is none.
	await engine.api.setStorages({ active: 'sqlite', mirrors: [address], send_stored: true });
	await until('it to fail', async () => (await infoOf(engine, address))?.condition === 'failed');
});

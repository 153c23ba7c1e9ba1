import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { EngineClient } from '../support/engine-client.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { newLog, numberedMessages } from '../support/write-log.ts';

test('tells of the database in the data folder, which is what the table shows', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	await engine.openFile(newLog(numberedMessages('m', 0, 5)));
	await engine.untilStored(5);
	const { storages } = await engine.state();
	expect(storages).toEqual([
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

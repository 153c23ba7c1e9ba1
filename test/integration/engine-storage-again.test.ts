import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { messagesIn, untilTaken } from '../support/used-storages.ts';
import { appendLog, newLog, numberedMessages } from '../support/write-log.ts';

test('a mirror that began later is sent what was there before it, when that is asked for', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	const log = newLog(numberedMessages('before', 0, 1_000));
	await engine.openFile(log);
	await engine.untilStored(1_000);
	const path = join(folder, 'mirror.jsonl');
	const address = `jsonl:${path}`;
	const none = { active: 'sqlite', mirrors: [] };
	await engine.api.setStorages({ ...none, mirrors: [address], send_stored: false });
	appendLog(log, numberedMessages('between', 0, 100));
	await engine.untilStored(1_100);
	await untilTaken(engine, address);
	await engine.api.setStorages({ ...none, send_stored: false });
	appendLog(log, numberedMessages('after', 0, 100));
	await engine.untilStored(1_200);
	const all = { active: address, mirrors: [], send_stored: true };
	await engine.api.setStorages(all);
	await untilTaken(engine, address);
	expect(messagesIn(path)).toEqual([
		...numberedMessages('between', 0, 100),
		...numberedMessages('before', 0, 1_000),
		...numberedMessages('after', 0, 100),
	]);
	// What it has is not sent to it a second time.
	await engine.api.setStorages({ ...none, send_stored: false });
	await engine.api.setStorages(all);
	appendLog(log, ['last']);
	await engine.untilStored(1_201);
	await untilTaken(engine, address);
	expect(messagesIn(path)).toHaveLength(1_201);
});

test('a storage that is used again has what came meanwhile, and all with send_stored, each once', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	const log = newLog(numberedMessages('before', 0, 30));
	await engine.openFile(log);
	await engine.untilStored(30);
	const path = join(folder, 'mirror.jsonl');
	const use = (mirrors: readonly string[], send_stored: boolean) =>
		engine.api.setStorages({ active: 'sqlite', mirrors, send_stored });
	const [given, between, later] = ['given', 'between', 'later'].map((name) =>
		numberedMessages(name, 0, 10),
	) as [string[], string[], string[]];
	await use([`jsonl:${path}`], false);
	appendLog(log, given);
	await engine.untilStored(40);
	await untilTaken(engine, `jsonl:${path}`);
	await use([], false);
	appendLog(log, between);
	await engine.untilStored(50);
	await use([`jsonl:${path}`], false);
	await untilTaken(engine, `jsonl:${path}`);
	expect(messagesIn(path)).toEqual([...given, ...between]);

	await use([], false);
	await use([`jsonl:${path}`], true);
	appendLog(log, later);
	await engine.untilStored(60);
	await untilTaken(engine, `jsonl:${path}`);
	const before = numberedMessages('before', 0, 30);
	expect(messagesIn(path)).toEqual([...given, ...between, ...before, ...later]);
}, 40_000);

test('a database that was deleted is built anew, and no storage is sent a second time what it has', async () => {
	const folder = temporaryFolder();
	const data = join(folder, 'data');
	const path = join(folder, 'mirror.jsonl');
	const engine = await EngineClient.open(data);
	const log = newLog(numberedMessages('before', 0, 1_000));
	await engine.openFile(log);
	await engine.untilStored(1_000);
	await engine.api.setStorages({
		active: 'sqlite',
		mirrors: [`jsonl:${path}`],
		send_stored: true,
	});
	await untilTaken(engine, `jsonl:${path}`);
	// What comes after it is not told apart by when it was written.
	appendLog(log, ['last']);
	await engine.untilStored(1_001);
	await untilTaken(engine, `jsonl:${path}`);
	await engine.close();

	const expected = [...numberedMessages('before', 0, 1_000), 'last', 'away', 'rotated'];
	for (const suffix of ['', '-wal', '-shm']) {
		rmSync(join(data, `logs.db${suffix}`), { force: true });
	}
	appendLog(log, ['away']);
	renameSync(log, `${log}.1`);
	appendLog(log, ['rotated']);
	const again = await EngineClient.open(data);
	await again.untilStored(1_003);
	await untilTaken(again, `jsonl:${path}`);
	expect(messagesIn(path)).toEqual(expected);
	// A log that is closed and opened again is read anew as well.
	const [source] = (await again.state()).sources;
	await again.api.closeSource({ id: source?.id ?? 0 });
	await again.openFile(log);
	appendLog(log, ['opened again']);
	await again.untilStored(1_004);
	await untilTaken(again, `jsonl:${path}`);
	expect(messagesIn(path)).toEqual([...expected, 'opened again']);
}, 40_000);

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

import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference, Random, TEST_SCALE } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, logText, newLog, numberedMessages } from '../support/write-log.ts';

const KILLS = 20 * TEST_SCALE;

test(`killed ${KILLS} times in the middle of its work, it shows each line once`, async () => {
	const folder = temporaryFolder();
	const random = new Random(8);
	const old = numberedMessages('old', 0, 60_000);
	const path = newLog(old);
	const writer = fs.openSync(path, 'a');
	onTestFinished(() => fs.closeSync(writer));
	const added: string[] = [];
	const add = (count: number) => {
		const messages = numberedMessages('added', added.length, added.length + count);
		added.push(...messages);
		// Half lines too: a kill may come before the rest of them.
		const text = logText(messages);
		const cut = random.below(text.length);
		fs.writeSync(writer, text.slice(0, cut));
		fs.writeSync(writer, text.slice(cut));
	};
	let engine = await EngineClient.open(folder);
	await engine.openFile(path);
	for (let kill = 0; kill < KILLS; kill++) {
		const { storage } = await engine.state();
		add(1 + random.below(500));
		await until('some progress', async () => {
			const now = (await engine.state()).storage.size;
			return now > storage.size || now === old.length + added.length;
		});
		await engine.kill();
		add(random.below(50));
		engine = await EngineClient.open(folder);
	}
	await engine.untilStored(old.length + added.length);
	await engine.untilRead();
	const expected = [...old, ...added].toReversed();
	expect(firstDifference(await engine.messages(), expected)).toBeUndefined();
	expect(await engine.api.count({})).toMatchObject({ matched: expected.length, complete: true });
	expect((await engine.state()).problems).toEqual([]);
}, 90_000);

test('killed while a file is rotated and truncated, it shows no line twice', async () => {
	const folder = temporaryFolder();
	const path = newLog();
	const random = new Random(9);
	let engine = await EngineClient.open(folder);
	await engine.openFile(path);
	const written: string[] = [];
	for (let round = 0; round < 12; round++) {
		const messages = numberedMessages(`round ${round}:`, 0, 1 + random.below(30));
		written.push(...messages);
		appendLog(path, messages);
		const last = messages.at(-1) ?? '';
		await until('the lines', async () => (await engine.messages({ q: last })).length > 0);
		// What is destroyed before it is saved is lost with the engine that knew it.
		await until('them to be saved', async () => (await engine.state()).storage.unsaved === 0);
		if (round % 3 === 0) {
			fs.renameSync(path, `${path}.${round}`);
			fs.writeFileSync(path, '');
		} else if (round % 3 === 1) {
			fs.truncateSync(path);
		}
		await engine.kill();
		engine = await EngineClient.open(folder);
	}
	const found = (await engine.rows()).filter(({ flags }) => (flags & EntryFlag.gap) === 0);
	const messages = found.map(({ message }) => message);
	expect(firstDifference(messages, written.toReversed())).toBeUndefined();
}, 60_000);

test('closed in the middle of its work, it ends at once and loses nothing', async () => {
	const folder = temporaryFolder();
	const messages = numberedMessages('m', 0, 80_000);
	const path = newLog(messages);
	for (let round = 0; round < 4; round++) {
		const engine = await EngineClient.open(folder);
		await engine.openFile(path);
		const begin = performance.now();
		await engine.close();
		expect(performance.now() - begin).toBeLessThan(3_000);
		expect(engine.stderr).toBe('');
	}
	const engine = await EngineClient.open(folder);
	await engine.untilStored(messages.length);
	await engine.untilRead();
	expect(firstDifference(await engine.messages(), messages.toReversed())).toBeUndefined();
}, 60_000);

test('an engine whose host goes while it starts or works ends, and gives the folder free', async () => {
	const folder = temporaryFolder();
	const path = newLog(numberedMessages('m', 0, 50_000));
	const starting = new EngineClient();
	starting.child.disconnect();
	await starting.exited();
	const working = await EngineClient.open(folder);
	await working.openFile(path);
	working.child.disconnect();
	await working.exited();
	const next = await EngineClient.open(folder);
	await next.untilStored(50_000);
	expect([starting.stderr, working.stderr]).toEqual(['', '']);
}, 30_000);

test('a second engine on one folder is refused until the first is gone', async () => {
	const folder = temporaryFolder();
	const first = await EngineClient.open(folder);
	const second = new EngineClient();
	const open = () => second.control.open({ data_folder: folder });
	await expect(open()).rejects.toMatchObject({
		code: 'data-folder-in-use',
		message: expect.stringContaining(`The data folder ${folder} is in use by another`),
	});
	await expect(second.state()).rejects.toMatchObject({ code: 'closed' });
	await first.kill();
	await open();
	expect((await second.state()).storage.size).toBe(0);
	await open();
	expect(fs.existsSync(join(folder, 'logs.db'))).toBe(true);
}, 30_000);

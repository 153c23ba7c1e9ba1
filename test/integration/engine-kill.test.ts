import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { checkDatabase } from '../unit/engine/segments/database-in-test.ts';
import { EngineClient } from '../support/engine-client.ts';
import { firstDifference, Random, TEST_SCALE } from '../support/entries.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, logText, newLog, numberedMessages } from '../support/write-log.ts';

/** Not the first line of a traceback whose entry was read before a kill. */
function isMessage(text: string): boolean {
	return /^(?:old|added|much|other)(?: \d+)?$/.test(text);
}

const KILLS = 20 * TEST_SCALE;

test(`killed ${KILLS} times in the middle of its work, it shows each line once`, async () => {
	const folder = temporaryFolder();
	const random = new Random(8);
	const messages = numberedMessages('old', 0, 60_000);
	const path = newLog(messages);
	const otherPath = newLog(['other'], 'other.jsonl');
	const logs = [
		{ path, written: [...messages], name: 'added' },
		{ path: otherPath, written: ['other'], name: 'other' },
	];
	let lines = 60_001;
	const add = (log: (typeof logs)[number], count: number) => {
		const from = log.written.length;
		const more = numberedMessages(log.name, from, from + count);
		log.written.push(...more);
		lines += count;
		let text = logText(more);
		if (count > 0 && random.chance(0.5)) {
			// Some of its lines come after those of the other log.
			text += 'Traceback (most recent call last):\n  File "x"\nValueError: x\n\n';
			lines += 4;
		}
		// Half lines too: a kill may come before the rest of them.
		const cut = random.below(text.length);
		fs.appendFileSync(log.path, text.slice(0, cut));
		return () => fs.appendFileSync(log.path, text.slice(cut));
	};
	const addToAll = (most: number) => {
		for (const rest of logs.map((log) => add(log, random.below(most)))) {
			rest();
		}
	};
	let engine = await EngineClient.open(folder);
	for (const log of logs) {
		await engine.openFile(log.path);
	}
	for (let kill = 0; kill < KILLS; kill++) {
		const { storage } = await engine.state();
		addToAll(500);
		if (kill % 5 === 4) {
			// So much that most of it is left to be read as history.
			const [log] = logs;
			const from = log?.written.length ?? 0;
			const more = numberedMessages('much', from, from + 70_000);
			log?.written.push(...more);
			lines += more.length;
			fs.appendFileSync(path, logText(more));
		}
		await until('some progress', async () => {
			const now = await engine.state();
			const isRead = now.sources.every(({ ledger }) => ledger.unread_bytes === 0);
			return now.storage.size > storage.size || isRead;
		});
		await engine.kill();
		addToAll(50);
		checkDatabase(join(folder, 'logs.db'));
		engine = await EngineClient.open(folder);
	}
	await engine.untilRead();
	const { sources, problems } = await engine.state();
	for (const [index, log] of logs.entries()) {
		const found = await engine.messages({ source: sources[index]?.id ?? 0 });
		expect(firstDifference(found.filter(isMessage), log.written.toReversed())).toBeUndefined();
		expect(sources[index]?.ledger.size_bytes).toBe(fs.statSync(log.path).size);
		expect(sources[index]?.ledger.read_bytes).toBe(fs.statSync(log.path).size);
	}
	expect(sources.reduce((sum, { ledger }) => sum + ledger.lines, 0)).toBe(lines);
	expect(problems).toEqual([]);
	await engine.close();
	checkDatabase(join(folder, 'logs.db'));
}, 240_000);

test(
	'killed while a file is rotated and truncated, it shows no line twice',
	async () => {
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
	},
	60_000 * TEST_SCALE,
);

test(
	'closed in the middle of its work, it ends at once and loses nothing',
	async () => {
		const folder = temporaryFolder();
		const messages = numberedMessages('m', 0, 80_000);
		const path = newLog(messages);
		for (let round = 0; round < 4; round++) {
			const engine = await EngineClient.open(folder);
			await engine.openFile(path);
			const begin = performance.now();
			await engine.close();
			expect(performance.now() - begin).toBeLessThan(10_000);
			expect(engine.stderr).toBe('');
		}
		const engine = await EngineClient.open(folder);
		await engine.untilStored(messages.length);
		await engine.untilRead();
		expect(firstDifference(await engine.messages(), messages.toReversed())).toBeUndefined();
	},
	60_000 * TEST_SCALE,
);

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

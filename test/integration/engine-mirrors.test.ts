import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { EngineClient } from '../support/engine-client.ts';
import { JournalsInTest } from '../support/journals.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { infoOf, messagesIn, untilTaken } from '../support/used-storages.ts';
import { appendLog, newLog, numberedMessages } from '../support/write-log.ts';

test('a mirror receives what comes, and with send_stored what was there before', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	const log = newLog(numberedMessages('before', 0, 3_000));
	await engine.openFile(log);
	await engine.untilStored(3_000);
	const [all, rest] = ['all', 'rest'].map((name) => join(folder, `${name}.jsonl`)) as [
		string,
		string,
	];
	await engine.api.setStorages({
		active: 'sqlite',
		mirrors: [`jsonl:${rest}`],
		send_stored: false,
	});
	await engine.api.setStorages({
		active: 'sqlite',
		mirrors: [`jsonl:${all}`, `jsonl:${rest}`, 'sqlite'],
		send_stored: true,
	});
	appendLog(log, numberedMessages('after', 0, 50));
	await engine.untilStored(3_050);
	await untilTaken(engine, `jsonl:${all}`);
	await untilTaken(engine, `jsonl:${rest}`);
	const after = numberedMessages('after', 0, 50);
	expect(messagesIn(rest)).toEqual(after);
	expect(messagesIn(all)).toEqual([...numberedMessages('before', 0, 3_000), ...after]);
	expect((await engine.state()).settings.storage).toEqual({
		...DEFAULT_SETTINGS.storage,
		mirrors: [`jsonl:${all}`, `jsonl:${rest}`],
	});
	expect(await engine.messages({ q: 'after 4' })).toHaveLength(11);

	await engine.close();
	const again = await EngineClient.open(join(folder, 'data'));
	appendLog(log, ['later']);
	await again.untilStored(3_051);
	await untilTaken(again, `jsonl:${rest}`);
	await untilTaken(again, `jsonl:${all}`);
	expect(messagesIn(rest)).toEqual([...after, 'later']);
	expect(messagesIn(all)).toHaveLength(3_051);
}, 40_000);

test('of two mirrors one that fails keeps nothing from the other, and resumes by itself', async () => {
	const folder = temporaryFolder();
	const engine = await EngineClient.open(join(folder, 'data'));
	const good = join(folder, 'good.jsonl');
	const bad = join(folder, 'missing', 'bad.jsonl');
	const mirrors = [`jsonl:${bad}`, `jsonl:${good}`];
	await engine.api.setStorages({ active: 'sqlite', mirrors, send_stored: true });
	await engine.openFile(newLog(numberedMessages('m', 0, 100)));
	await engine.untilStored(100);
	await untilTaken(engine, `jsonl:${good}`);
	const failed = await until('it to be told', async () => {
		const info = await infoOf(engine, `jsonl:${bad}`);
		return info?.condition === 'failed' ? info : undefined;
	});
	expect(failed).toMatchObject({ role: 'mirror', waiting: 100, missed: 0 });
	expect(failed.message).toContain('bad.jsonl');
	expect(messagesIn(good)).toEqual(numberedMessages('m', 0, 100));
	mkdirSync(join(folder, 'missing'));
	await untilTaken(engine, `jsonl:${bad}`);
	expect(messagesIn(bad)).toEqual(messagesIn(good));
}, 40_000);

test('what was acknowledged is there after a kill in the middle, and the rest follows', async () => {
	const folder = temporaryFolder();
	const path = join(folder, 'all.jsonl');
	const messages = numberedMessages('m', 0, 60_000);
	const log = newLog(messages.slice(0, 30_000));
	let engine = await EngineClient.open(join(folder, 'data'));
	const mirrors = [`jsonl:${path}`];
	await engine.api.setStorages({ active: 'sqlite', mirrors, send_stored: true });
	await engine.openFile(log);
	for (let kill = 0; kill < 3; kill++) {
		await until('more to be handed on', () => messagesIn(path).length > kill * 9_000, {
			deadlineMs: 30_000,
		});
		await engine.kill();
		if (kill === 0) {
			appendLog(log, messages.slice(30_000));
		}
		engine = await EngineClient.open(join(folder, 'data'));
	}
	await engine.untilStored(60_000);
	await until(
		'all to be read',
		async () => {
			const [info] = (await engine.state()).storages.slice(1);
			return info?.waiting === 0;
		},
		{ deadlineMs: 30_000, instead: () => engine.state() },
	);
	const there = messagesIn(path);
	// Each is there; a batch that was offered when it was killed may be there twice.
	expect([...new Set(there)]).toEqual(messages);
	expect(await infoOf(engine, `jsonl:${path}`)).toMatchObject({ missed: 0 });
}, 90_000);

test('a feed is kept in a mirror too, when its journals are long gone', async () => {
	const data = join(temporaryFolder(), 'data');
	const folder = temporaryFolder();
	const journals = new JournalsInTest(data);
	const missing = join(folder, 'away');
	const address = `jsonl:${join(missing, 'all.jsonl')}`;
	const first = await EngineClient.open(data);
	await first.api.setStorages({ active: 'sqlite', mirrors: [address], send_stored: false });
	const messages = numberedMessages('m', 0, 300);
	journals.append(messages.slice(0, 200));
	await first.control.setFeeds({ endpoints: [], feeds: [journals.status()] });
	await first.untilStored(200);
	journals.rotate();
	journals.append(messages.slice(200));
	await first.untilStored(300);
	await until('the first journal to be gone', () => journals.names().length === 1);
	await until('it to wait', async () => (await infoOf(first, address))?.waiting === 300);
	await first.kill();
	mkdirSync(missing);
	const second = await EngineClient.open(data);
	await untilTaken(second, address);
	expect(messagesIn(join(missing, 'all.jsonl'))).toEqual(messages);
	expect(await infoOf(second, address)).toMatchObject({ missed: 0 });
}, 40_000);

test('logs wait while more is kept for a storage than may be, and go on by themselves', async () => {
	const folder = temporaryFolder();
	const missing = join(folder, 'away');
	const path = join(missing, 'all.jsonl');
	const engine = await EngineClient.open(join(folder, 'data'));
	await engine.api.setStorages({
		active: 'sqlite',
		mirrors: [`jsonl:${path}`],
		send_stored: true,
	});
	await engine.api.setSpoolBytes({ bytes: 1 });
	const log = newLog();
	await engine.openFile(log);
	const messages = numberedMessages('m', 0, 60_000);
	let written = 0;
	const write = (): void => {
		appendLog(log, messages.slice(written, written + 500));
		written += 500;
	};
	const untilTheyWait = () =>
		until(
			'logs to wait',
			async () => {
				if (written < messages.length - 5_000) {
					write();
				}
				return (await engine.state()).sources[0]?.state === 'failed';
			},
			{ deadlineMs: 30_000, instead: () => engine.state() },
		);
	await untilTheyWait();
	// More may be kept: they go on at once, up to that.
	const before = written;
	write();
	await engine.api.setSpoolBytes({ bytes: 300_000 });
	await engine.untilStored(before + 500);
	expect((await engine.state()).settings.storage.spool_bytes).toBe(300_000);
	await untilTheyWait();
	const { message } = await engine.untilProblem('has not taken');
	expect(message).toMatch(/^all\.jsonl has not taken [\d,]+ entries, and no more than 0\.3 MiB/);
	while (written < messages.length) {
		write();
	}
	expect((await engine.state()).storage.size).toBeLessThan(messages.length);
	mkdirSync(missing);
	await engine.untilStored(messages.length);
	await untilTaken(engine, `jsonl:${path}`);
	expect(messagesIn(path)).toEqual(messages);
	const state = await engine.state();
	expect(state.problems).toEqual([]);
	expect(state.storages[1]).toMatchObject({ missed: 0, waiting: 0 });
}, 90_000);

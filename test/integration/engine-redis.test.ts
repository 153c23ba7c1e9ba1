import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EngineClient } from '../support/engine-client.ts';
import { RedisServer } from '../support/redis-server.ts';
import type { RedisServerOptions } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';
import { appendLog, newLog, numberedMessages } from '../support/write-log.ts';

const PASSWORD = 'Wort:mit/allem@';

async function serverOfTest(options: RedisServerOptions): Promise<RedisServer> {
	const server = await RedisServer.start(options);
	onTestFinished(() => server.remove());
	return server;
}

/** Waits until all that the local database has is in the storage. */
async function untilTaken(engine: EngineClient): Promise<void> {
	await until(
		'Redis to have taken all',
		async () => {
			const [info] = (await engine.state()).storages;
			return info?.condition === 'ready' && info.waiting === 0;
		},
		{ deadlineMs: 60_000, instead: () => engine.state() },
	);
}

async function untilShown(engine: EngineClient, messages: readonly string[]): Promise<void> {
	const wanted = messages.toSorted();
	await until(
		'all to be shown, once each',
		async () => {
			const shown = (await engine.messages()).toSorted();
			return shown.length === wanted.length && shown.every((text, at) => text === wanted[at]);
		},
		{ deadlineMs: 60_000, instead: async () => (await engine.messages()).length },
	);
}

test('the table shows a stream that nodes write to, while engine and server are killed in turn', async () => {
	const server = await serverOfTest({ appendonly: true });
	const folder = join(temporaryFolder(), 'data');
	const messages = numberedMessages('line', 0, 6_000);
	const log = newLog(messages.slice(0, 3_000));
	const choice = { active: server.address(), mirrors: [], send_stored: true };
	let engine = await EngineClient.open(folder);
	await engine.api.setStorages(choice);
	await engine.openFile(log);
	await until('the first of them', async () => Number(await server.do('XLEN', 'asyncz:logs')) > 0);
	await engine.kill();
	engine = await EngineClient.open(folder);
	await until('more of them', async () => (await engine.messages()).length > 500);
	await server.kill();
	appendLog(log, messages.slice(3_000));
	await until('the failure', async () => {
		const [info] = (await engine.state()).storages;
		return info?.condition === 'failed' && info.message?.startsWith('Redis at ');
	});
	await server.start();
	await untilTaken(engine);
	await untilShown(engine, messages);
	const python = ['ts', '2026-11-22 10:19:46', 'level', 'WARN', 'message', 'from a node'];
	await server.do('XADD', 'asyncz:logs', '*', ...python, 'logger', 'asyncz', 'task_id', 'None');
	await untilShown(engine, [...messages, 'from a node']);
	const [row] = await engine.rows({ q: 'from a node' });
	expect(row).toMatchObject({ level: 'WARNING', ts: 1_795_342_786_000_000, source: 0 });
	expect(row).not.toHaveProperty('task_id');
	await server.do('DEL', 'asyncz:logs');
	await untilShown(engine, []);
	expect(engine.stderr).toBe('');
}, 180_000);

test('a password that is missing is asked for and shown nowhere; with it, all that waited arrives', async () => {
	const server = await serverOfTest({ password: PASSWORD });
	const engine = await EngineClient.open(join(temporaryFolder(), 'data'));
	const address = server.address();
	expect(await engine.api.testStorage({ address })).toMatchObject({
		ok: false,
		message: expect.stringContaining('wants a password'),
	});
	expect(await engine.api.testStorage({ address, password: `${PASSWORD}x` })).toMatchObject({
		ok: false,
		message: expect.stringContaining('refuses the password'),
	});
	expect(await engine.api.testStorage({ address, password: PASSWORD })).toMatchObject({ ok: true });
	await engine.api.setStorages({ active: address, mirrors: [], send_stored: true });
	const messages = numberedMessages('line', 0, 40);
	await engine.openFile(newLog(messages));
	await until('the failure', async () => {
		const [info] = (await engine.state()).storages;
		return info?.condition === 'failed' && info.waiting === 40;
	});
	await engine.control.setPasswords({ passwords: { [address]: PASSWORD } });
	await untilTaken(engine);
	await untilShown(engine, messages);
	const told = JSON.stringify([engine.events, await engine.state(), engine.stderr]);
	expect(told).not.toContain(PASSWORD);
	expect(told).not.toContain(encodeURIComponent(PASSWORD));
}, 60_000);

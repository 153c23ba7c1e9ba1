import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWebProcess } from '../support/hosts/web-process.ts';
import type { WebProcess } from '../support/hosts/web-process.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { connectClient } from '../support/web-client.ts';
import type { WebClient } from '../support/web-client.ts';

let folder = '';
let web: WebProcess;

beforeEach(async () => {
	folder = makeTempFolder();
	writeFileSync(join(folder, 'a.log'), 'one\ntwo\n');
	web = await start('a.log');
});
afterEach(async () => {
	await web.kill();
	removeFolder(folder);
});

const start = (...files: readonly string[]) =>
	startWebProcess(['--data', join(folder, 'data'), '--no-open', ...files], { cwd: folder });
const stored = (client: WebClient, count: number) =>
	until(`${count} entries`, async () => (await client.engine.getState({})).storage.size === count);
const messages = async (client: WebClient) =>
	(await client.engine.query({ limit: 100, offset: 0 })).rows.map(({ message }) => message);

it.each(['SIGTERM', 'SIGINT'] as const)(
	'closes in order at %s and remembers its sources',
	async (signal) => {
		const client = await connectClient(web);
		await stored(client, 2);
		expect([await web.stop(signal), await client.closed]).toEqual([0, 1001]);
		appendFileSync(join(folder, 'a.log'), 'three\n');
		web = await start();
		const again = await connectClient(web);
		await stored(again, 3);
		expect(await messages(again)).toEqual(['three', 'two', 'one']);
	},
);

it('shows each line once after it was killed', async () => {
	await stored(await connectClient(web), 2);
	await web.kill();
	appendFileSync(join(folder, 'a.log'), 'three\n');
	web = await start();
	const client = await connectClient(web);
	await stored(client, 3);
	expect(await messages(client)).toEqual(['three', 'two', 'one']);
});

it('tells every client what is new', async () => {
	const clients = await Promise.all([connectClient(web), connectClient(web)]);
	await Promise.all(clients.map((client) => stored(client, 2)));
	appendFileSync(join(folder, 'a.log'), 'three\n');
	await Promise.all(
		clients.map((client) =>
			until('the news', () =>
				client.told.some(
					({ event, params }) =>
						event === 'storageChanged' && (params as { size: number }).size === 3,
				),
			),
		),
	);
	expect(await Promise.all(clients.map(messages))).toEqual(
		Array.from({ length: 2 }, () => ['three', 'two', 'one']),
	);
});

it('starts the engine again when it was killed, and goes on', async () => {
	const client = await connectClient(web);
	await stored(client, 2);
	process.kill(engineOf(web), 'SIGKILL');
	const changes = () => client.told.filter(({ event }) => event === 'engineChanged');
	await until('the engine to be back', () => changes().length >= 2);
	appendFileSync(join(folder, 'a.log'), 'three\n');
	await stored(client, 3);
	expect(changes().map(({ params }) => params)).toEqual([
		{ up: false, message: 'The log engine stopped and is being started again' },
		{ up: true },
	]);
	expect(await messages(client)).toEqual(['three', 'two', 'one']);
});

it('leaves no engine behind when only the host was killed', async () => {
	const engine = engineOf(web);
	process.kill(web.pid, 'SIGKILL');
	await until('the engine to end', () => !isAlive(engine));
	web = await start();
	const client = await connectClient(web);
	await stored(client, 2);
	expect(await messages(client)).toEqual(['two', 'one']);
});

it('sends the ninth client away, and lets one in when another has gone', async () => {
	const clients = await Promise.all(Array.from({ length: 8 }, () => connectClient(web)));
	const ninth = await connectClient(web);
	expect(await ninth.closed).toBe(1013);
	clients[0]?.socket.close();
	const isLetIn = async () => {
		const client = await connectClient(web);
		return client.engine.getState({}).catch(() => undefined);
	};
	// The host may notice a little later than the client that it has gone.
	expect((await until('a place', isLetIn)).problems).toEqual([]);
});

/** The engine is the host's only child. */
function engineOf({ pid }: WebProcess): number {
	const [child] = execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).split('\n');
	return Number(child);
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startWebProcess } from '../support/hosts/web-process.ts';
import type { WebProcess } from '../support/hosts/web-process.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';
import { connectClient } from '../support/web-client.ts';
import type { WebClient } from '../support/web-client.ts';

const SECRET = 'tr0ub4dor&3';
const ADDRESS = 'postgres://asyncz@127.0.0.1:1/logs';

let folder = '';
let logs = '';
let web: WebProcess | undefined;

beforeEach(() => {
	folder = makeTempFolder();
	logs = join(folder, 'logs');
	mkdirSync(logs);
});
afterEach(async () => {
	await web?.kill();
	web = undefined;
	removeFolder(folder);
});

async function start(): Promise<WebClient> {
	web = await startWebProcess(['--data', join(folder, 'data'), '--no-open'], { cwd: logs });
	return connectClient(web);
}

it('lets no page have a module run or a file written outside, whatever it says', async () => {
	const { engine } = await start();
	const module = join(logs, 'evil.mjs');
	const mark = join(logs, 'it-ran');
	writeFileSync(module, `import { writeFileSync } from 'node:fs'; writeFileSync('${mark}', '');`);
	for (const address of [
		`module:${module}`,
		module,
		`jsonl:${join(folder, 'outside.jsonl')}`,
		`rotating:${join(folder, 'outside.log')}`,
		`jsonl:${join(logs, '.profile')}`,
		`jsonl:${join(folder, 'data', 'x.jsonl')}`,
	]) {
		const refused = { code: 'not-allowed' };
		await expect(engine.testStorage({ address })).rejects.toMatchObject(refused);
		const choice = { mirrors: [], send_stored: true };
		await expect(engine.setStorages({ ...choice, active: address })).rejects.toMatchObject(refused);
		const mirror = { active: 'sqlite', mirrors: [address], send_stored: true };
		await expect(engine.setStorages(mirror)).rejects.toMatchObject(refused);
	}
	await expect(
		engine.updateSettings({ storage: { active: module } } as never),
	).rejects.toMatchObject({ code: 'invalid-params' });
	const { settings, storages } = await engine.getState({});
	expect([settings.storage, storages.map(({ address }) => address)]).toEqual([
		{ active: 'sqlite', mirrors: [], spool_bytes: settings.storage.spool_bytes },
		['sqlite'],
	]);
	expect(readdirSync(logs)).toEqual(['evil.mjs']);
	expect(readdirSync(folder).sort()).toEqual(['data', 'logs']);
});

it('keeps a password where it was told to, and shows it nowhere', async () => {
	const { host, engine, told } = await start();
	expect(await host.getInfo({})).toMatchObject({ keepsPasswordsIn: 'file' });
	await host.setPassword({ address: ADDRESS, password: SECRET, keep: 'session' });
	await engine.setStorages({ active: ADDRESS, mirrors: [], send_stored: false });
	const test = await engine.testStorage({ address: ADDRESS, password: `${SECRET}!` });
	expect(await host.getPasswords({})).toEqual({ [ADDRESS]: 'session' });
	expect(JSON.stringify([test, await engine.getState({}), told])).not.toContain(SECRET);
	expect(filesWith(SECRET)).toEqual([]);

	await host.setPassword({ address: ADDRESS, password: SECRET, keep: 'file' });
	expect(filesWith(SECRET)).toEqual(['passwords.json']);
	expect(statSync(join(folder, 'data', 'passwords.json')).mode & 0o777).toBe(0o600);
	await expect(
		host.setPassword({ address: ADDRESS, password: SECRET, keep: 'keychain' }),
	).rejects.toMatchObject({ code: 'not-allowed' });
	await web?.stop();
	const again = await start();
	expect(await again.host.getPasswords({})).toEqual({ [ADDRESS]: 'file' });
	await again.host.forgetPassword({ address: ADDRESS });
	expect([await again.host.getPasswords({}), filesWith(SECRET)]).toEqual([{}, []]);
	expect((web?.stdout() ?? '') + (web?.stderr() ?? '')).not.toContain(SECRET);
});

/** The names of the files in the data folder that have a text in them. */
function filesWith(text: string): readonly string[] {
	return readdirSync(join(folder, 'data'), { recursive: true, encoding: 'utf8' }).filter((name) => {
		const path = join(folder, 'data', name);
		return statSync(path).isFile() && readFileSync(path).includes(text);
	});
}

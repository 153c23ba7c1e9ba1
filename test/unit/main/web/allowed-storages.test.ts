import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { guardStorages } from '#main/storages/guard-storages.ts';
import { allowedStorages } from '#main/web/allowed-storages.ts';
import type { EngineApi, EngineState, StorageChoice } from '#shared/api/engine.ts';
import { makeTempFolder, removeFolder } from '../../../support/temp-folder.ts';

let folder = '';
let inUse: string[] = [];
let chosen: StorageChoice[] = [];
let tested: string[] = [];
let engine: EngineApi;

beforeEach(() => {
	folder = makeTempFolder();
	for (const name of ['logs', 'logs/data', 'logs-secret']) {
		mkdirSync(join(folder, name));
	}
	writeFileSync(join(folder, 'logs-secret', 'a.jsonl'), '');
	symlinkSync(join(folder, 'logs-secret', 'a.jsonl'), join(folder, 'logs', 'way-out.jsonl'));
	symlinkSync(join(folder, 'logs-secret', 'new.jsonl'), join(folder, 'logs', 'dangling.jsonl'));
	inUse = ['sqlite'];
	chosen = [];
	tested = [];
	const inner: Partial<EngineApi> = {
		getState: async () =>
			({ storages: inUse.map((address) => ({ address })) }) as unknown as EngineState,
		setStorages: async (choice) => void chosen.push(choice),
		testStorage: async ({ address }) => {
			tested.push(address);
			return { ok: true, message: '' };
		},
	};
	engine = guardStorages(
		inner as EngineApi,
		allowedStorages(
			{ folders: [join(folder, 'logs')] },
			{ ownFolder: join(folder, 'logs', 'data'), named: ['module:/opt/named.mjs'] },
		),
	);
});
afterEach(() => removeFolder(folder));

const choose = (active: string, ...mirrors: string[]) =>
	engine.setStorages({ active, mirrors, send_stored: false });

it('lets a page use servers, memory and logs in allowed folders, by their real paths', async () => {
	const server = 'postgres://u@db.example/logs';
	await choose('jsonl:a.jsonl', 'memory', server, `rotating:${join(folder, 'logs', 'b.log')}`);
	await engine.testStorage({ address: `jsonl:${join(folder, 'logs', 'x', '..', 'c.ndjson')}` });
	expect([chosen, tested]).toEqual([
		[
			{
				active: `jsonl:${join(folder, 'logs', 'a.jsonl')}`,
				mirrors: ['memory', server, `rotating:${join(folder, 'logs', 'b.log')}`],
				send_stored: false,
			},
		],
		[`jsonl:${join(folder, 'logs', 'c.ndjson')}`],
	]);
});

it.each([
	['jsonl:../logs-secret/a.jsonl', /outside the folders .* --allow /],
	['rotating:../logs-secret/a.log?max_bytes=1', /outside the folders/],
	['jsonl:way-out.jsonl', /outside the folders/],
	['jsonl:dangling.jsonl', /is a link to nowhere/],
	['jsonl:/etc/cron.d/x.log', /outside the folders/],
	['jsonl:.bashrc', /does not look like a log: .* \.jsonl, \.ndjson, \.log$/],
	['rotating:run.py', /does not look like a log/],
	['jsonl:data/settings.jsonl', /in the folder of the app's own data/],
	['module:evil.mjs', /may not have the module .* run\. .* --storage /],
	['./evil.mjs', /may not have the module/],
	['postgres://u:s3cret@db.example/logs', /handed over apart from its address\.$/],
	['http://example.com', /expected sqlite, memory/],
])('refuses %s as any storage', async (address, sentence) => {
	await expect(choose(address)).rejects.toThrow(sentence);
	await expect(choose('sqlite', address)).rejects.toThrow(sentence);
	await expect(engine.testStorage({ address })).rejects.toThrow(sentence);
	await expect(engine.testStorage({ address })).rejects.not.toThrow('s3cret');
	expect([chosen, tested]).toEqual([[], []]);
});

it('lets a page go on with what is in use, and use what the command line names', async () => {
	inUse = ['module:/opt/mine.mjs', 'jsonl:/var/log/archive.jsonl'];
	await choose('module:/opt/mine.mjs', 'jsonl:/var/log/archive.jsonl', '/opt/named.mjs');
	expect(chosen[0]?.mirrors).toEqual(['jsonl:/var/log/archive.jsonl', 'module:/opt/named.mjs']);
	inUse = ['sqlite'];
	await expect(choose('module:/opt/mine.mjs')).rejects.toMatchObject({ code: 'not-allowed' });
});

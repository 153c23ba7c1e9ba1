import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/hosts/test-host.ts';
import { runWebProcess, startWebProcess } from '../support/hosts/web-process.ts';
import type { WebProcess } from '../support/hosts/web-process.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { connectClient } from '../support/web-client.ts';

const LINE = '{"ts":"2026-11-22T10:28:41.902113+00:00","level":"INFO","message":"hello"}\n';

let folder = '';
let logs = '';
let web: WebProcess | undefined;

beforeEach(() => {
	folder = makeTempFolder();
	logs = join(folder, 'logs');
	mkdirSync(logs);
	mkdirSync(join(folder, 'logs-secret'));
	writeFileSync(join(logs, 'a.jsonl'), LINE);
	writeFileSync(join(folder, 'logs-secret', 'b.jsonl'), LINE);
	symlinkSync(join(folder, 'logs-secret'), join(logs, 'way-out'));
});
afterEach(async () => {
	await web?.kill();
	web = undefined;
	removeFolder(folder);
});

async function start(...args: readonly string[]): Promise<WebProcess> {
	web = await startWebProcess(['--data', join(folder, 'data'), '--no-open', ...args], {
		cwd: logs,
	});
	return web;
}

describe('opening files from the browser', () => {
	it('works inside the current folder, and shows what is in them', async () => {
		const client = await connectClient(await start());
		await client.engine.openSource({ type: 'file', path: join(logs, 'a.jsonl') });
		await until('the entry', async () => (await client.engine.getState({})).storage.size === 1);
		const { rows } = await client.engine.query({ limit: 10, offset: 0 });
		expect(rows.map(({ message }) => message)).toEqual(['hello']);
	});

	it.each(['logs-secret/b.jsonl', 'logs/way-out/b.jsonl', 'logs/../logs-secret/b.jsonl'])(
		'refuses %s',
		async (path) => {
			const client = await connectClient(await start());
			await expect(
				client.engine.openSource({ type: 'file', path: join(folder, path) }),
			).rejects.toMatchObject({
				code: 'not-allowed',
				message: expect.stringContaining(`(${logs}). To allow it, start with --allow `),
			});
			expect((await client.engine.getState({})).sources).toEqual([]);
		},
	);

	it('works inside the folders of --allow instead, and for the sample', async () => {
		const client = await connectClient(await start('--allow', join(folder, 'logs-secret')));
		const { allowedFolders, samplePath } = await client.host.getInfo({});
		await client.engine.openSource({ type: 'file', path: join(folder, 'logs-secret', 'b.jsonl') });
		await client.engine.openSource({ type: 'file', path: samplePath });
		await expect(
			client.engine.openSource({ type: 'file', path: join(logs, 'a.jsonl') }),
		).rejects.toMatchObject({ code: 'not-allowed' });
		expect(allowedFolders).toEqual([join(folder, 'logs-secret')]);
	});

	it('completes paths inside the allowed folders', async () => {
		const client = await connectClient(await start());
		expect([
			await client.host.completePath({ text: `${logs}/` }),
			await client.host.completePath({ text: `${folder}/` }),
		]).toEqual([[join(logs, 'a.jsonl')], []]);
	});

	it('has no dialog, and says so', async () => {
		const client = await connectClient(await start());
		expect(await client.host.getInfo({})).toMatchObject({ canPickFiles: false });
		await expect(client.host.pickFiles({})).rejects.toMatchObject({ code: 'not-allowed' });
	});
});

describe('files on the command line', () => {
	it('are opened wherever they are, and may be opened again', async () => {
		const path = join(folder, 'logs-secret', 'b.jsonl');
		const client = await connectClient(await start('../logs-secret/b.jsonl'));
		const [source] = (await client.engine.getState({})).sources;
		await client.engine.closeSource({ id: source?.id ?? -1 });
		expect([source?.path, (await client.engine.openSource({ type: 'file', path })).path]).toEqual([
			path,
			path,
		]);
	});

	it.each(['missing.jsonl', 'fifo', 'binary'])(
		'%s ends the start with a sentence',
		async (name) => {
			execFileSync('mkfifo', [join(logs, 'fifo')]);
			writeFileSync(join(logs, 'binary'), Buffer.from('\x7fELF\x00\x01\x02\x00'.repeat(50)));
			const ended = await runWebProcess(['--data', join(folder, 'data'), '--no-open', name], {
				cwd: logs,
			});
			expect(ended).toEqual({
				code: 1,
				stdout: '',
				stderr: expect.stringMatching(new RegExp(`^[^\\n]*${join(logs, name)}[^\\n]*\\n$`)),
			});
		},
	);
});

describe('a start that cannot be', () => {
	it.each([
		[['--bogus'], 'Unknown option: --bogus (see --help)\n'],
		[['--port', '70000'], 'port: expected 0–65535, got 70000\n'],
		[['--allow', 'nowhere'], /^--allow: there is no folder .*\/nowhere\n$/],
	])('with %j ends with a sentence', async (args, sentence) => {
		const { code, stdout, stderr } = await runWebProcess(args, { cwd: logs });
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(sentence);
	});

	it('on a data folder in use ends with a sentence', async () => {
		await start();
		const { code, stderr } = await runWebProcess(['--data', join(folder, 'data')], { cwd: logs });
		expect([code, stderr]).toEqual([
			1,
			expect.stringMatching(new RegExp(`^The data folder ${folder}/data is in use [^\\n]*\\n$`)),
		]);
	});

	it('on a port in use ends with a sentence and closes its engine', async () => {
		const { port } = await start();
		const other = ['--data', join(folder, 'other'), '--port', String(port)];
		const { code, stderr } = await runWebProcess(other, { cwd: logs });
		expect([code, stderr]).toEqual([
			1,
			`Cannot listen on port ${port}: another program uses it; choose another one, or --port 0 for any free one\n`,
		]);
		const again = await startWebProcess(['--data', join(folder, 'other'), '--no-open'], {
			cwd: logs,
		});
		await again.kill();
	});

	it('shows help when asked, and nothing else', async () => {
		const { code, stdout, stderr } = await runWebProcess(['--help'], { cwd: root });
		expect([code, stderr]).toEqual([0, '']);
		expect(stdout).toContain('--allow DIR');
	});
});

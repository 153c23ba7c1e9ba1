import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/hosts/test-host.ts';
import { runWebProcess, startWebProcess } from '../support/hosts/web-process.ts';
import { makeTempFolder, removeFolder } from '../support/temp-folder.ts';
import { connectClient } from '../support/web-client.ts';

const script = (command: string) => [join(root, 'src', 'main', 'launch.ts'), command];
const noDisplay = { DISPLAY: '', WAYLAND_DISPLAY: '' };

let folder = '';
let data: readonly string[] = [];
beforeEach(() => {
	folder = makeTempFolder();
	data = ['--data', join(folder, 'data'), '--no-open'];
});
afterEach(() => removeFolder(folder));

it('starts in the browser where there is no display, and says so in one line', async () => {
	writeFileSync(join(folder, 'a.log'), 'one\n');
	const web = await startWebProcess([...data, 'a.log'], {
		cwd: folder,
		script: script('start'),
		env: noDisplay,
	});
	const { sources } = await (await connectClient(web)).engine.getState({});
	expect([web.stdout(), sources.map(({ path }) => path), await web.stop()]).toEqual([
		'No desktop window (there is no display): starting in the browser instead.\n' +
			`AsyncZ Companion: ${web.url}\n`,
		[join(folder, 'a.log')],
		0,
	]);
});

it('starts in the browser on purpose, without a word more', async () => {
	const web = await startWebProcess(data, { cwd: folder, script: script('serve') });
	expect([web.stdout(), await web.stop('SIGINT')]).toEqual([`AsyncZ Companion: ${web.url}\n`, 0]);
});

it('counts paths from the folder a person ran npm in', async () => {
	mkdirSync(join(folder, 'sub'));
	writeFileSync(join(folder, 'sub', 'a.log'), 'one\n');
	const web = await startWebProcess([...data, 'a.log'], {
		cwd: root,
		script: script('serve'),
		env: { npm_lifecycle_event: 'serve', INIT_CWD: join(folder, 'sub') },
	});
	const client = await connectClient(web);
	const [source] = (await client.engine.getState({})).sources;
	const { allowedFolders } = await client.host.getInfo({});
	await web.kill();
	expect([source?.path, allowedFolders]).toEqual([
		join(folder, 'sub', 'a.log'),
		[join(folder, 'sub')],
	]);
});

it('runs as the npm script of the README', () => {
	const stdout = execFileSync('npm', ['--silent', 'run', 'serve', '--', '--help'], {
		cwd: root,
		encoding: 'utf8',
	});
	expect(stdout).toMatch(/^AsyncZ Companion: open log files/);
});

describe.each(['start', 'serve'])('%s', (command) => {
	it.each([
		[['--bogus'], 'Unknown option: --bogus (see --help)\n'],
		[['--port', 'x'], 'port: expected 0–65535, got x\n'],
		[['nowhere.log'], /^There is no file .*\/nowhere\.log\n$/],
	])('with %j ends with one sentence', async (args, sentence) => {
		const ended = await runWebProcess(args, { cwd: folder, script: script(command) });
		expect([ended.code, ended.stdout]).toEqual([1, '']);
		expect(ended.stderr).toMatch(sentence);
	});
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkPaths, defaultDataFolder, parseOptions } from '#main/options.ts';
import type { Options } from '#main/options.ts';
import { makeTempFolder, removeFolder } from '../../support/temp-folder.ts';

const parse = (...args: readonly string[]): Options =>
	parseOptions(args, { cwd: '/home/me', env: { XDG_DATA_HOME: '/xdg' }, platform: 'linux' });

describe('parseOptions', () => {
	it('has a default for everything', () => {
		expect(parse()).toEqual({
			help: false,
			dataFolder: '/xdg/asyncz-companion',
			port: 0,
			openBrowser: true,
			allowedFolders: [],
			files: [],
			listen: [],
			connect: [],
			storage: undefined,
		});
	});

	it('reads every flag, in both spellings of a value, and resolves paths', () => {
		expect(
			parse('a.log', '--data=d', '--port', '8080', '--no-open', '--allow', 'x', '--allow=/y', 'b'),
		).toEqual({
			help: false,
			dataFolder: '/home/me/d',
			port: 8_080,
			openBrowser: false,
			allowedFolders: ['/home/me/x', '/y'],
			files: ['/home/me/a.log', '/home/me/b'],
			listen: [],
			connect: [],
			storage: undefined,
		});
	});

	it('reads addresses, in one spelling and with whole paths', () => {
		const args = ['--listen', 'tcp:9020', '--listen=unix:x.sock', '--connect', 'tcp:localhost:9'];
		expect(parse(...args, '--connect', 'unix:')).toMatchObject({
			listen: ['tcp:127.0.0.1:9020', 'unix:/home/me/x.sock'],
			connect: ['tcp:127.0.0.1:9', 'unix:'],
		});
	});

	it('takes everything after -- for files', () => {
		expect(parse('--', '--port', '-x').files).toEqual(['/home/me/--port', '/home/me/-x']);
	});

	it.each([
		[['--bogus'], 'Unknown option: --bogus (see --help)'],
		[['-x'], 'Unknown option: -x (see --help)'],
		[['--no-open=yes'], 'Unknown option: --no-open=yes (see --help)'],
		[['--data'], '--data: expected a value after it, for example --data ./logs'],
		[['--port', '--no-open'], '--port: expected a value after it, for example --port 8080'],
		[['--allow='], '--allow: expected a value after it, for example --allow ./logs'],
		[['--port', '70000'], 'port: expected 0–65535, got 70000'],
		[['--port', '-1'], 'port: expected 0–65535, got -1'],
		[['--port', '8o80'], 'port: expected 0–65535, got 8o80'],
		[['--listen'], '--listen: expected a value after it, for example --listen tcp:9020'],
		[
			['--listen', 'tcp:70000'],
			'--listen tcp:70000: expected a port from 0 to 65535, for example tcp:9020.',
		],
		[['--connect', '9020'], '--connect 9020: expected tcp:HOST:PORT, unix:/PATH or pipe:NAME.'],
		[['--port=1.5'], 'port: expected 0–65535, got 1.5'],
	])('refuses %j with a sentence', (args, message) => {
		expect(() => parse(...args)).toThrow(
			expect.objectContaining({ code: 'invalid-options', message }),
		);
	});
});

describe('defaultDataFolder', () => {
	it.each([
		['linux', { XDG_DATA_HOME: '/xdg' }, '/xdg/asyncz-companion'],
		['linux', { XDG_DATA_HOME: 'relative' }, join(homedir(), '.local/share/asyncz-companion')],
		['linux', {}, join(homedir(), '.local/share/asyncz-companion')],
		['darwin', {}, join(homedir(), 'Library/Application Support/asyncz-companion')],
		['win32', { LOCALAPPDATA: '/local' }, '/local/asyncz-companion'],
	] as const)('on %s with %j is %s', (platform, env, expected) => {
		expect(defaultDataFolder({ platform, env })).toBe(expected);
	});
});

describe('checkPaths', () => {
	let folder = '';
	beforeEach(() => {
		folder = makeTempFolder();
		mkdirSync(join(folder, 'logs'));
		writeFileSync(join(folder, 'a.log'), '');
		writeFileSync(join(folder, 'b[1].log'), '');
	});
	afterEach(() => removeFolder(folder));

	it('accepts what is there', () => {
		expect(() =>
			checkPaths({ allowedFolders: [join(folder, 'logs')], files: [join(folder, 'a.log')] }),
		).not.toThrow();
	});

	it('accepts folders, and patterns whatever they match', () => {
		const files = ['logs', 'logs/*.jsonl', 'logs/**/x?.log', '*.none', 'b[1].log'];
		expect(() =>
			checkPaths({ allowedFolders: [], files: files.map((file) => join(folder, file)) }),
		).not.toThrow();
	});

	it('names the folder a pattern begins in when it is not there', () => {
		const pattern = join(folder, 'none', '**', '*.jsonl');
		expect(() => checkPaths({ allowedFolders: [], files: [pattern] })).toThrow(
			`There is no folder ${join(folder, 'none')} for the pattern ${pattern}`,
		);
	});

	it('names what is missing', () => {
		const missing = join(folder, 'a.log', 'b');
		expect(() => checkPaths({ allowedFolders: [], files: [missing] })).toThrow(
			`There is no file or folder ${missing}`,
		);
		expect(() => checkPaths({ allowedFolders: [join(folder, 'a.log')], files: [] })).toThrow(
			`--allow: there is no folder ${join(folder, 'a.log')}`,
		);
	});
});

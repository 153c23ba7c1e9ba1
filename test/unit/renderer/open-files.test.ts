import { beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors.ts';
import type { EngineApi } from '#shared/api/engine.ts';
import type { HostInfo } from '#shared/api/host.ts';
import { currentServices } from '../../../src/renderer/connection/open-services.ts';
import type { Services } from '../../../src/renderer/connection/open-services.ts';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';
import { OpenFiles } from '../../../src/renderer/state/sources/open-files.svelte.ts';
import { PathField } from '../../../src/renderer/state/sources/path-field.svelte.ts';
import { ManualClock, settle } from './support/manual-clock.ts';

type Reopened = Parameters<EngineApi['reopenSource']>[0];

const INFO: HostInfo = {
	version: '1.0.0',
	canPickFiles: true,
	allowedFolders: [],
	samplePath: '/app/sample.jsonl',
	isMac: false,
	keepsPasswordsIn: 'file',
	feedAddress: 'unix:/run/user/1/asyncz-companion/feed.sock',
	pythonPath: '/app/python',
};

let opened: string[];
let types: string[];
let reopened: Reopened[];
let picked: readonly string[];
let notices: Notices;
let files: OpenFiles;

beforeEach(() => {
	opened = [];
	types = [];
	reopened = [];
	picked = [];
	notices = new Notices(new ManualClock());
	const engine = {
		...currentServices(() => undefined).engine,
		openSource: async ({ type, path }: { readonly type: string; readonly path: string }) => {
			if (path.includes('bad')) {
				throw new AppError('source-unavailable', `${path} is a folder. Choose a file.`);
			}
			opened.push(path);
			types.push(type);
		},
		reopenSource: async ({ id, config }: Reopened) => {
			if (config?.path.includes('bad') === true) {
				throw new AppError('source-unavailable', `${config.path} is a folder. Choose a file.`);
			}
			reopened.push(config === undefined ? { id } : { id, config });
		},
	} as unknown as Services['engine']; // the status it answers is of no use here
	const host = {
		getInfo: async () => INFO,
		pickFiles: async () => picked,
		exportEntries: async () => ({ kind: 'cancelled' }) as const,
		showExport: async () => {},
		setPassword: async () => {},
		forgetPassword: async () => {},
		getPasswords: async () => ({}),
		completePath: async ({ text }: { readonly text: string }) =>
			['/logs/a.jsonl', '/logs/b.jsonl', '/logs/old/', '/logs/x[1].log'].filter((path) =>
				path.startsWith(text),
			),
		testEndpoint: async () => ({ ok: true, message: '' }),
	};
	files = new OpenFiles({ engine, host }, notices);
	files.info = INFO;
});

describe('opening files', () => {
	test('opens what the system dialog gave, and says what failed', async () => {
		picked = ['/a.jsonl', '/bad', '/b.jsonl'];
		await files.ask();
		expect(opened).toEqual(['/a.jsonl', '/b.jsonl']);
		expect(notices.list.map(({ text }) => text)).toEqual(['/bad is a folder. Choose a file.']);
	});

	test('asks for a path where there is no system dialog', async () => {
		files.info = { ...INFO, canPickFiles: false };
		await files.ask();
		expect([files.isAsking, files.path]).toEqual([true, '']);
	});

	test('asks for a path on the desktop, too, and gives way to the system dialog', async () => {
		picked = ['/a.jsonl'];
		files.askForPath();
		expect(files.isAsking).toBe(true);
		await files.pick();
		expect([files.isAsking, opened]).toEqual([false, ['/a.jsonl']]);
	});

	test.each([
		['/logs/a.jsonl', 'file', '/logs/a.jsonl'],
		['/logs/old', 'folder', '/logs/old'],
		['/logs/old/', 'folder', '/logs/old'],
		['/allowed', 'folder', '/allowed'],
		['/', 'folder', '/'],
		['/logs/*.jsonl', 'glob', '/logs/*.jsonl'],
		['/logs/x[1].log', 'file', '/logs/x[1].log'],
		['/logs/x[12].log', 'glob', '/logs/x[12].log'],
		['/logs/new.jsonl', 'file', '/logs/new.jsonl'],
	])('opens %s as a %s', async (path, type, named) => {
		files.info = { ...INFO, allowedFolders: ['/allowed'] };
		expect(await files.open(path)).toBeUndefined();
		expect([types, opened]).toEqual([[type], [named]]);
	});

	test('opens the sample', async () => {
		await files.openSample();
		expect(opened).toEqual(['/app/sample.jsonl']);
	});

	test('opens dropped files whose path is known', async () => {
		const dropped = [new File([], 'a.jsonl'), new File([], 'b.jsonl')];
		await files.openDropped(dropped, (file) => `/logs/${file.name}`);
		expect(opened).toEqual(['/logs/a.jsonl', '/logs/b.jsonl']);
	});

	test('asks for the path of a dropped file, and says why, where it is not known', async () => {
		await files.openDropped([new File([], 'a.jsonl')], () => '');
		expect([files.isAsking, files.path]).toEqual([true, 'a.jsonl']);
		expect(files.reason).toContain('a.jsonl');
	});
});

describe('the path that is typed', () => {
	test('is completed', async () => {
		const field = new PathField(files);
		field.text = '/logs/';
		field.typed();
		await settle();
		expect(field.paths).toEqual(['/logs/a.jsonl', '/logs/b.jsonl', '/logs/old/', '/logs/x[1].log']);
		field.move(-1);
		expect(field.chosen).toBe('/logs/x[1].log');
		field.move(1);
		expect(field.chosen).toBe('/logs/a.jsonl');
	});

	test('goes on into a folder that is taken, and ends with a file', async () => {
		const field = new PathField(files);
		await settle();
		field.take('/logs/old/');
		await settle();
		expect([field.text, field.paths, field.isListed]).toEqual(['/logs/old/', [], false]);
		field.take('/logs/a.jsonl');
		expect([field.text, field.isListed]).toEqual(['/logs/a.jsonl', false]);
	});

	test('is opened, or the dialog says why not', async () => {
		const field = new PathField(files);
		expect([await field.open(), field.problem]).toEqual([
			false,
			'Type the path of a file or a folder, or a pattern.',
		]);
		field.text = '/bad';
		expect([await field.open(), field.problem]).toEqual([
			false,
			'/bad is a folder. Choose a file.',
		]);
		field.text = ' /logs/a.jsonl ';
		expect([await field.open(), field.problem]).toEqual([true, undefined]);
		expect(opened).toEqual(['/logs/a.jsonl']);
	});
});

describe('a source that is not read', () => {
	test('is looked at anew, or elsewhere if a path is typed', async () => {
		await files.retry(3);
		const field = new PathField(files, '/bad', 3);
		expect([await field.open(), field.problem]).toEqual([
			false,
			'/bad is a folder. Choose a file.',
		]);
		field.text = '/logs/old/';
		expect(await field.open()).toBe(true);
		expect(reopened).toEqual([{ id: 3 }, { id: 3, config: { type: 'folder', path: '/logs/old' } }]);
		expect(opened).toEqual([]);
	});
});

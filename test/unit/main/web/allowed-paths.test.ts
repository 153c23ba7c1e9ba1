import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { restrictSources } from '#main/web/allowed-paths.ts';
import type { EngineApi } from '#shared/api/engine.ts';
import { makeTempFolder, removeFolder } from '../../../support/temp-folder.ts';

let folder = '';
let opened: string[] = [];
let engine: EngineApi;

beforeEach(() => {
	folder = makeTempFolder();
	for (const name of ['logs', 'logs-secret']) {
		mkdirSync(join(folder, name));
		writeFileSync(join(folder, name, 'a.log'), '');
	}
	symlinkSync(join(folder, 'logs-secret', 'a.log'), join(folder, 'logs', 'way-out.log'));
	symlinkSync(join(folder, 'logs', 'a.log'), join(folder, 'way-in.log'));
	opened = [];
	const inner = {
		openSource: async ({ path }: { readonly path: string }) => {
			opened.push(path);
		},
		reopenSource: async ({ config }: { readonly config?: { readonly path: string } }) => {
			opened.push(config?.path ?? '');
		},
	};
	engine = restrictSources(inner as unknown as EngineApi, {
		folders: [join(folder, 'logs')],
		files: [join(folder, 'sample.jsonl')],
	});
});
afterEach(() => removeFolder(folder));

const open = (path: string) => engine.openSource({ type: 'file', path });
const openPattern = (path: string) => engine.openSource({ type: 'glob', path });

it('opens what lies in an allowed folder, by its real path', async () => {
	await open(join(folder, 'logs', 'a.log'));
	await open('a.log');
	await open(join(folder, 'logs', 'missing.log'));
	await open(join(folder, 'way-in.log'));
	await open(join(folder, 'sample.jsonl'));
	expect(opened.map((path) => path.slice(folder.length + 1))).toEqual([
		'logs/a.log',
		'logs/a.log',
		'logs/missing.log',
		'logs/a.log',
		'sample.jsonl',
	]);
});

it.each(['logs-secret/a.log', 'logs/way-out.log', 'logs/../logs-secret/a.log', 'missing/x', '..'])(
	'refuses %s and says how to allow it',
	async (path) => {
		await expect(open(join(folder, path))).rejects.toMatchObject({
			code: 'not-allowed',
			message: expect.stringMatching(/outside the folders .*\/logs\)\. .* --allow \//),
		});
		expect(opened).toEqual([]);
	},
);

it('answers the same for a file outside whether it is there or not', async () => {
	const messages = await Promise.all(
		['a.log', 'b.log'].map((name) =>
			open(join(folder, 'logs-secret', name)).catch((error: Error) =>
				error.message.replace(name, 'X'),
			),
		),
	);
	expect(new Set(messages).size).toBe(1);
});

it('opens patterns that begin in an allowed folder, with its links resolved', async () => {
	symlinkSync(join(folder, 'logs'), join(folder, 'link'));
	await openPattern(join(folder, 'logs', '**', '*.log'));
	await openPattern('*.log');
	await openPattern(join(folder, 'link', 'a?.log'));
	expect(opened.map((path) => path.slice(folder.length + 1))).toEqual([
		'logs/**/*.log',
		'logs/*.log',
		'logs/a?.log',
	]);
});

it.each(['logs-secret/*', '*', 'logs/*/../../*', 'logs/{a,..}/*', 'logs/{a,.}{b,.}/*'])(
	'refuses the pattern %s',
	async (pattern) => {
		await expect(openPattern(join(folder, pattern))).rejects.toMatchObject({ code: 'not-allowed' });
		expect(opened).toEqual([]);
	},
);

it('lets a source be looked for anew, and elsewhere only where it may be opened', async () => {
	await engine.reopenSource({ id: 1 });
	await engine.reopenSource({ id: 1, config: { type: 'file', path: 'a.log' } });
	const path = join(folder, 'logs-secret', 'a.log');
	await expect(
		engine.reopenSource({ id: 1, config: { type: 'file', path } }),
	).rejects.toMatchObject({ code: 'not-allowed' });
	expect(opened).toEqual(['', join(folder, 'logs', 'a.log')]);
});

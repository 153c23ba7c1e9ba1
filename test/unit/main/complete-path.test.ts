import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completePath, isInside } from '#main/complete-path.ts';
import { makeTempFolder, removeFolder } from '../../support/temp-folder.ts';

describe('completePath', () => {
	let folder = '';
	let logs = '';
	beforeEach(() => {
		folder = makeTempFolder();
		logs = join(folder, 'logs');
		mkdirSync(join(logs, 'app-old'), { recursive: true });
		mkdirSync(join(folder, 'logs-secret'));
		for (const name of ['app.jsonl', 'worker.log', '.hidden', 'app-old/one.log']) {
			writeFileSync(join(logs, name), '');
		}
		writeFileSync(join(folder, 'logs-secret', 'app.log'), '');
		symlinkSync(join(folder, 'logs-secret'), join(logs, 'app-way-out'));
		symlinkSync(join(folder, 'nowhere'), join(logs, 'app-dangling'));
	});
	afterEach(() => removeFolder(folder));

	it('finds what begins with the text, folders with a separator', async () => {
		expect(await completePath(join(logs, 'app'), logs, [logs])).toEqual([
			join(logs, 'app-old/'),
			join(logs, 'app.jsonl'),
		]);
	});

	it('counts relative text from the base and keeps it relative', async () => {
		expect(await completePath('app-old/', logs, [logs])).toEqual(['app-old/one.log']);
	});

	it('lists the base for no text, without hidden files', async () => {
		expect(await completePath('', logs, [logs])).toEqual(['app-old/', 'app.jsonl', 'worker.log']);
	});

	it('finds hidden files when asked for', async () => {
		expect(await completePath('.h', logs, [logs])).toEqual(['.hidden']);
	});

	it('finds nothing outside, not even beside a folder of the same beginning', async () => {
		expect(await completePath('../', logs, [logs])).toEqual([]);
		expect(await completePath(`${logs}-secret/`, logs, [logs])).toEqual([]);
		expect(await completePath('app-way-out/', logs, [logs])).toEqual([]);
	});

	it('finds everything where all is allowed', async () => {
		expect(await completePath(join(folder, 'l'), logs, [])).toEqual([
			join(folder, 'logs/'),
			join(folder, 'logs-secret/'),
		]);
	});

	it('stops at 50', async () => {
		for (let index = 0; index < 60; index++) {
			writeFileSync(join(logs, `many-${String(index).padStart(2, '0')}`), '');
		}
		const found = await completePath('many-', logs, [logs]);
		expect([found.length, found.at(-1)]).toEqual([50, 'many-49']);
	});
});

describe('isInside', () => {
	it.each([
		['/logs', true],
		['/logs/a/b', true],
		['/logs/..a', true],
		['/logs-secret/a', false],
		['/', false],
		['/other', false],
	])('%s in /logs: %s', (path, expected) => {
		expect(isInside(path, ['/logs'])).toBe(expected);
	});
});

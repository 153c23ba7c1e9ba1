import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadStaticFiles } from '#main/static-files.ts';
import { makeTempFolder, removeFolder } from '../../support/temp-folder.ts';

let folder = '';
beforeEach(() => {
	folder = makeTempFolder();
});
afterEach(() => removeFolder(folder));

it('maps URL paths to the files a page needs, and / to its index', () => {
	mkdirSync(join(folder, 'assets'));
	writeFileSync(join(folder, 'index.html'), '<p>');
	writeFileSync(join(folder, 'assets', 'a.js'), 'a');
	writeFileSync(join(folder, 'assets', 'a.js.map'), 'not for the page');
	const files = loadStaticFiles(folder);
	expect([...files].map(([path, { type }]) => [path, type]).sort()).toEqual([
		['/', 'text/html; charset=utf-8'],
		['/assets/a.js', 'text/javascript; charset=utf-8'],
		['/index.html', 'text/html; charset=utf-8'],
	]);
	expect(Buffer.from(files.get('/')?.body ?? []).toString()).toBe('<p>');
});

it('says that the app is not built when there is no index', () => {
	expect(() => loadStaticFiles(join(folder, 'none'))).toThrow('The app is not built');
});

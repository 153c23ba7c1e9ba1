import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderOfPattern, sourceConfigOf } from '#main/source-of-path.ts';
import { makeTempFolder, removeFolder } from '../../support/temp-folder.ts';

let folder = '';
beforeEach(() => {
	folder = makeTempFolder();
	mkdirSync(join(folder, 'logs'));
	mkdirSync(join(folder, 'logs[1]'));
	writeFileSync(join(folder, 'a.log'), '');
	writeFileSync(join(folder, 'b[1].log'), '');
});
afterEach(() => removeFolder(folder));

it.each([
	['a.log', 'file'],
	['logs', 'folder'],
	['logs[1]', 'folder'],
	['b[1].log', 'file'],
	['b[2].log', 'glob'],
	['*.log', 'glob'],
	['none.log', 'file'],
])('%s is a %s', (name, type) => {
	const path = join(folder, name);
	expect(sourceConfigOf(path)).toEqual({ type, path });
});

it.each([
	['/logs/*.jsonl', '/logs'],
	['/logs/**/a.log', '/logs'],
	['/logs/a?/b.log', '/logs'],
	['/[ab]/c', '/'],
])('%s begins in %s', (pattern, expected) => {
	expect(folderOfPattern(pattern)).toBe(expected);
});

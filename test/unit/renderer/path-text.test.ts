import { expect, test } from 'vitest';
import { isPattern, splitPath } from '../../../src/renderer/lib/path-text.ts';

test.each([
	['/var/log/a.jsonl', '/var/log/', 'a.jsonl'],
	['/var/log/', '/var/', 'log/'],
	['a.jsonl', '', 'a.jsonl'],
	['/', '', '/'],
	['', '', ''],
	['C:\\logs\\a.jsonl', 'C:\\logs\\', 'a.jsonl'],
])('the name of %s is told from its folder', (path, folder, name) => {
	expect(splitPath(path)).toEqual([folder, name]);
});

test.each([
	['/logs/*.jsonl', true],
	['/logs/a?.log', true],
	['/logs/[ab].log', true],
	['/logs/a.log', false],
])('whether %s is a pattern: %s', (path, expected) => {
	expect(isPattern(path)).toBe(expected);
});

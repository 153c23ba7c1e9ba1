import { expect, test } from 'vitest';
import { fileStateText } from '../../../src/renderer/lib/source-text.ts';

test.each([
	['plain', 'gone', 'gone', true],
	['plain', 'following', 'following', false],
	['gzip', 'complete', 'complete', false],
	['journal', 'following', 'following', false],
	['journal', 'gone', 'stored', false],
] as const)('a log (%s) that is %s is called %s', (kind, state, word, isWarning) => {
	expect(fileStateText({ kind, state })).toMatchObject({ word, isWarning });
});

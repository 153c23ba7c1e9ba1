import { expect, test } from 'vitest';
import { fileStateText, retryText } from '../../../src/renderer/lib/source-text.ts';

test.each([
	['plain', 'gone', 'gone', true],
	['plain', 'following', 'following', false],
	['gzip', 'complete', 'complete', false],
	['journal', 'following', 'following', false],
	['journal', 'gone', 'stored', false],
] as const)('a log (%s) that is %s is called %s', (kind, state, word, isWarning) => {
	expect(fileStateText({ kind, state })).toMatchObject({ word, isWarning });
});

test('says when a source is tried again, if it is', () => {
	expect([retryText({ retry_s: 5 }), retryText({})]).toEqual(['Tried every 5 s.', undefined]);
});

import { expect, test } from 'vitest';
import { repeatsText } from '../../../src/renderer/lib/repeats-text.ts';
import { toggleRepeats } from '../../../src/renderer/state/query/repeats.ts';
import { QueryInTest } from './support/query-in-test.ts';

test('repeats are left out of what is asked for, and shown again', () => {
	const { query } = new QueryInTest();
	query.set('level:error');
	toggleRepeats(query);
	expect(query.text).toBe('level:error -is:repeat');
	toggleRepeats(query);
	expect(query.text).toBe('level:error');
	query.set('a OR -is:repeat');
	toggleRepeats(query);
	expect(query.text).toBe('(a OR -is:repeat) -is:repeat');
});

test.each([
	[0, false, undefined],
	[37, false, '×38'],
	[1_000, true, '×1,001+'],
	[0, true, undefined],
])('%i repeats, more of them possible: %j, are told as %j', (count, isOpen, text) => {
	expect(repeatsText({ count, isOpen })).toBe(text);
});

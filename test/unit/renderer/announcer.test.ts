import { expect, test } from 'vitest';
import { announcement } from '../../../src/renderer/lib/announcer.ts';
import type { Heard } from '../../../src/renderer/lib/announcer.ts';

const heard: Heard = {
	filter: '{}',
	matched: 1_284,
	added: 0,
	errors: 0,
	isSearching: false,
	isConnected: true,
	isFollowing: true,
};

test.each<readonly [string, Heard | undefined, Heard, string | undefined]>([
	['what is there at first', undefined, heard, '1,284 entries found.'],
	['nothing when nothing changed', heard, heard, undefined],
	['what came', heard, { ...heard, added: 12, errors: 1 }, '12 new, 1 error.'],
	['no errors where there are none', heard, { ...heard, added: 2 }, '2 new.'],
	['nothing to a reader', heard, { ...heard, added: 12, isFollowing: false }, undefined],
	['nothing while searching', heard, { ...heard, filter: 'x', isSearching: true }, undefined],
	['what a filter found', heard, { ...heard, filter: 'x', matched: 1 }, '1 entry found.'],
	['that the line is lost', heard, { ...heard, isConnected: false }, 'Disconnected, trying again.'],
	['that only once', { ...heard, isConnected: false }, { ...heard, isConnected: false }, undefined],
	['that it is back', { ...heard, isConnected: false }, heard, 'Connected again.'],
])('says %s', (_name, before, now, expected) => {
	expect(announcement(before, now)).toBe(expected);
});

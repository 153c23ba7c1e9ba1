import { expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { entryKind } from '../../../src/renderer/lib/entry-kind.ts';

test.each([
	[0, 'log'],
	[EntryFlag.continued | EntryFlag.arrivalTime, 'log'],
	[EntryFlag.quarantined | EntryFlag.plainText, 'quarantined'],
	[EntryFlag.textGone, 'gone'],
	[EntryFlag.textGone | EntryFlag.quarantined, 'gone'],
	[EntryFlag.gap, 'gap'],
	[EntryFlag.gap | EntryFlag.textGone, 'gap'],
] as const)('flags %i are those of an entry of kind %s', (flags, kind) => {
	expect(entryKind({ flags })).toBe(kind);
});

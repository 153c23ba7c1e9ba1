import { expect, test } from 'vitest';
import { addLedgers, EMPTY_LEDGER } from '#shared/model/source.ts';
import type { Ledger } from '#shared/model/source.ts';
import {
	checkLedger,
	readShare,
	unaccountedLines,
} from '../../../src/renderer/lib/check-ledger.ts';

const GOOD: Ledger = {
	size_bytes: 1_000,
	read_bytes: 700,
	held_bytes: 20,
	unread_bytes: 280,
	lines: 30,
	extra_entries: 4,
	entries: 25,
	quarantined: 2,
	joined_lines: 7,
	gaps: 1,
	lost_bytes: 512,
};

test('an account of nothing adds up', () => {
	expect(checkLedger(EMPTY_LEDGER)).toEqual({ addsUp: true, missing_bytes: 0, missing_lines: 0 });
});

test('an account whose parts make up its sums adds up, and so do several as one', () => {
	expect(checkLedger(GOOD).addsUp).toBe(true);
	expect(checkLedger(addLedgers([GOOD, GOOD, EMPTY_LEDGER])).addsUp).toBe(true);
});

test.each([
	['size_bytes', 1, 0],
	['read_bytes', -1, 0],
	['held_bytes', -1, 0],
	['unread_bytes', -1, 0],
	['lines', 0, 1],
	['extra_entries', 0, 1],
	['entries', 0, -1],
	['quarantined', 0, -1],
	['joined_lines', 0, -1],
] as const)('one too many of %s is found', (name, missing_bytes, missing_lines) => {
	const ledger = { ...GOOD, [name]: GOOD[name] + 1 };
	expect(checkLedger(ledger)).toEqual({ addsUp: false, missing_bytes, missing_lines });
});

test('what one account has too much does not make up for what another lacks', () => {
	const more = { ...GOOD, lines: 31 };
	const less = { ...GOOD, lines: 29 };
	expect(unaccountedLines([GOOD, GOOD])).toBe(0);
	expect(unaccountedLines([more, less])).toBe(2);
});

test('what waits for the rest of its line is as good as read', () => {
	expect(readShare(EMPTY_LEDGER)).toBe(1);
	expect(readShare(GOOD)).toBeCloseTo(0.72);
	expect(readShare({ ...GOOD, read_bytes: 980, unread_bytes: 0 })).toBe(1);
});

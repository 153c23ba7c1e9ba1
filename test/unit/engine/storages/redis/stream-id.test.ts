import { describe, expect, test } from 'vitest';
import {
	compareIds,
	idBefore,
	idOfSeq,
	seqOf,
	timeOfId,
} from '#engine/storages/redis/stream-id.ts';

/** Rising. */
const IDS = [
	'0-1',
	'0-4095',
	'1-0',
	'5-3',
	'1792000000000-0',
	'1792000000000-1',
	'1792000000000-4095',
	'1792000000001-0',
	'2199023255551-4095',
];

/** Rising too, and later than all of them; none has room in a number. */
const WILD = [
	'2199023255552-0',
	'1792000000000000-5',
	'9007199254740992-0',
	'9007199254740993-0',
	'18446744073709551615-18446744073709551615',
];

describe('the number of an id', () => {
	test('rises as ids do, and is made into the same id again', () => {
		const seqs = IDS.map((id) => seqOf(id) ?? 0);
		expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
		expect(new Set(seqs).size).toBe(IDS.length);
		expect(seqs.every((seq) => Number.isSafeInteger(seq) && seq >= 1)).toBe(true);
		expect(seqs.map(idOfSeq)).toEqual(IDS);
	});

	test('is none where it would have no room', () => {
		expect(WILD.map(seqOf)).toEqual(WILD.map(() => undefined));
		expect(seqOf('1792000000000-4096')).toBeUndefined();
	});
});

test('ids are compared by both halves, as the whole numbers they are', () => {
	const all = [...IDS, ...WILD];
	expect(all.toReversed().sort(compareIds)).toEqual(all);
	expect(all.map((id) => compareIds(id, id))).toEqual(all.map(() => 0));
});

test('the id before another is the next one below it', () => {
	expect(idBefore('5-3')).toBe('5-2');
	expect(idBefore('5-0')).toBe('4-18446744073709551615');
	expect(idBefore('9007199254740993-0')).toBe('9007199254740992-18446744073709551615');
	expect(idBefore('0-1')).toBe('0-0');
	expect(idBefore('0-0')).toBeUndefined();
});

test('an id tells when it was given out', () => {
	expect(timeOfId('1792000000000-7')).toBe(1_792_000_000_000_000);
	expect(timeOfId('18446744073709551615-0')).toBe(Number.MAX_SAFE_INTEGER);
});

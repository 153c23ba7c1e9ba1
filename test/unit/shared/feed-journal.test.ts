import { expect, test } from 'vitest';
import {
	formatJournalName,
	isJournalFinished,
	parseJournalName,
} from '#shared/model/feed-journal.ts';

test('a journal is named by its session and the number of its first line', () => {
	const name = formatJournalName({ session: '5d0c-ab', first: 57 });
	expect(name).toBe('5d0c-ab-0000000000000057.jsonl');
	expect(parseJournalName(name)).toEqual({ session: '5d0c-ab', first: 57 });
	expect(
		['feed.json', 'a-1.jsonl', '../a-0000000000000001.jsonl', 'a-9999999999999999.jsonl'].map(
			parseJournalName,
		),
	).toEqual([undefined, undefined, undefined, undefined]);
});

test('a journal is finished once a later one of its session is there, or its session has ended', () => {
	const names = ['b', 'a'].flatMap((session) =>
		[1, 20].map((first) => formatJournalName({ session, first })),
	);
	const finished = (session: string, first: number, ended: Record<string, number> = {}) =>
		isJournalFinished({ session, first }, ['feed.json', ...names], { ended });
	expect([finished('a', 1), finished('a', 20), finished('b', 20)]).toEqual([true, false, false]);
	expect([finished('b', 20, { b: 25 }), finished('b', 26, { b: 25 })]).toEqual([true, false]);
	expect(isJournalFinished({ session: '__proto__', first: 1 }, [], { ended: {} })).toBe(false);
});

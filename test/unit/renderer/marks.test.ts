import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_MARKS } from '#shared/model/query.ts';
import type { Mark } from '#shared/model/view.ts';
import { Marks } from '../../../src/renderer/state/table/marks.svelte.ts';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';
import { FakeEngine, makeRow } from './support/fake-engine.ts';
import { ManualClock, settle } from './support/manual-clock.ts';

class Keeper {
	settings: { marks: readonly Mark[] } = { marks: [] };

	changeSettings({ marks = [] }: { readonly marks?: readonly Mark[] | undefined }): void {
		this.settings = { marks };
	}
}

let keeper: Keeper;
let engine: FakeEngine;
let notices: Notices;
let marks: Marks;

beforeEach(() => {
	keeper = new Keeper();
	engine = new FakeEngine();
	const clock = new ManualClock();
	notices = new Notices(clock);
	marks = new Marks(keeper, engine, notices, clock);
});

test('an entry is marked, and its mark taken away', () => {
	marks.toggle(makeRow(5));
	marks.toggle(makeRow(7));
	expect([marks.has(makeRow(5)), marks.seqs]).toEqual([true, [5, 7]]);
	marks.toggle(makeRow(5));
	expect([marks.has(makeRow(5)), marks.seqs]).toEqual([false, [7]]);
	marks.clear();
	expect(marks.what).toBeUndefined();
});

test('a note marks its entry, and its mark is kept until the note is gone', () => {
	marks.setNote(makeRow(5), '  Ask the DBA ');
	expect([marks.has(makeRow(5)), marks.noteOf(makeRow(5))]).toEqual([true, 'Ask the DBA']);
	marks.toggle(makeRow(7));
	marks.toggle(makeRow(5));
	marks.clear();
	expect(marks.seqs).toEqual([5]);
	expect(notices.list.map(({ text }) => text)).toEqual([
		'The mark has a note: take that away first, in the details.',
		'Marks with a note stay: 1. has:note shows them.',
	]);
	marks.setNote(makeRow(5), ' ');
	expect([marks.has(makeRow(5)), marks.noteOf(makeRow(5))]).toEqual([true, undefined]);
	marks.toggle(makeRow(5));
	marks.setNote(makeRow(5), '');
	expect(marks.seqs).toEqual([]);
});

test('when there are too many, it says so', () => {
	keeper.settings = { marks: Array.from({ length: MAX_MARKS }, (_, seq) => ({ seq, ts: 1 })) };
	marks.toggle(makeRow(5_000));
	expect(marks.has(makeRow(5_000))).toBe(false);
	expect(notices.list.map(({ text }) => text)).toEqual([
		'There are 1,000 marks already. Take some away first.',
	]);
});

describe('a mark whose number means another entry by now', () => {
	beforeEach(async () => {
		engine.append(10);
		keeper.settings = {
			marks: [
				{ seq: 3, ts: 1 },
				{ seq: 4, ts: makeRow(4).ts },
				{ seq: 99, ts: 1 },
			],
		};
	});

	test('marks nothing', () => {
		expect([3, 4].map((seq) => marks.has(makeRow(seq)))).toEqual([false, true]);
	});

	test('is dropped; one without an entry waits for it', async () => {
		marks.storageChanged(engine.status);
		await settle();
		expect(marks.seqs).toEqual([4, 99]);
	});

	test('is looked for once, until entries come or go again', async () => {
		marks.storageChanged(engine.status);
		await settle();
		marks.storageChanged(engine.status);
		await settle();
		expect(engine.asked).toHaveLength(1);
	});
});

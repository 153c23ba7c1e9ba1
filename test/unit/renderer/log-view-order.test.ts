import { beforeEach, describe, expect, test } from 'vitest';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import { Random } from '../../support/entries.ts';
import { settle } from './support/manual-clock.ts';
import { ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;

beforeEach(() => {
	t = new ViewInTest();
	t.view.setLimit(0);
});

/** Entries at seconds 0, 10, 20, …, as they come, shown by time. */
async function startByTime(count: number): Promise<void> {
	t.view.setOrder('time');
	for (let index = 0; index < count; index++) {
		t.engine.appendAt(index * 10);
	}
	await t.start(0);
}

/** The seconds of the rows in the viewport. */
function secondsShown(): readonly (number | undefined)[] {
	return t.visible.map((_, index) => {
		const row = t.view.rowAt(Math.floor(t.view.viewport.topRank) + index);
		return row === undefined ? undefined : row.ts / 1_000_000;
	});
}

/** The `seq`s of all entries by time, the latest first. */
function inOrder(): readonly number[] {
	return t.engine.entries.toSorted((a, b) => b.ts - a.ts || b.seq - a.seq).map(({ seq }) => seq);
}

describe('by time, at the live edge', () => {
	test('rows stand where their times say, whenever they came', async () => {
		await startByTime(50);
		t.engine.appendAt(500);
		t.engine.appendAt(475);
		t.engine.appendAt(485);
		await t.tell();
		expect(secondsShown().slice(0, 7)).toEqual([500, 490, 485, 480, 475, 470, 460]);
		expect([t.view.shown, t.view.set.matched, t.view.news.matched]).toEqual([53, 53, 0]);
	});

	test('a step in order asks for no row that is here', async () => {
		await startByTime(1_000);
		t.engine.asked.length = 0;
		t.engine.appendAt(10_000);
		t.engine.appendAt(10_010);
		await t.tell();
		expect(t.engine.asked.map(({ query }) => ('limit' in query ? query.limit : 'count'))).toEqual([
			'count',
			1,
			'count',
			2,
		]);
	});

	test('a row that came far down is no news at the top, and is found there', async () => {
		await startByTime(1_000);
		t.engine.appendAt(5_005);
		await t.tell();
		expect(secondsShown().slice(0, 3)).toEqual([9_990, 9_980, 9_970]);
		t.view.viewport.scrollTo(498);
		await settle();
		expect(secondsShown().slice(0, 4)).toEqual([5_010, 5_005, 5_000, 4_990]);
	});

	test('rows of the last step are the fresh ones, wherever they stand', async () => {
		await startByTime(50);
		t.engine.appendAt(485);
		t.engine.appendAt(500);
		await t.tell();
		const fresh = t.visible.filter((seq) => seq !== undefined && seq > t.view.freshAfter);
		expect(fresh).toEqual([52, 51]);
		expect(t.view.freshCount).toBe(2);
	});

	test('no row is without its text while two sources write at once', async () => {
		await startByTime(300);
		for (let step = 0; step < 20; step++) {
			for (let index = 0; index < 50; index++) {
				t.engine.appendAt(3_000 + step * 50 + index + (index % 2) * 30, {
					source: 1 + (index % 2),
				});
			}
			await t.tell(60);
			expect(t.visible).toEqual(inOrder().slice(0, 30));
		}
		expect(t.view.set.matched).toBe(1_300);
	});
});

describe('by time, away from the live edge', () => {
	test('the reader’s rows stay while others come above and below them', async () => {
		await startByTime(1_000);
		t.view.viewport.scrollTo(100.5);
		await settle();
		const before = t.visible;
		t.engine.appendAt(10_000);
		t.engine.appendAt(9_995);
		t.engine.appendAt(4_005);
		t.engine.appendAt(4_006, { level: 'ERROR', severity: 40 });
		await t.tell();
		expect(t.visible).toEqual(before);
		expect(t.view.viewport.top).toBe(102.5);
		expect(t.view.news).toEqual({ matched: 4, errors: 1 });
		expect(t.view.shown).toBe(1_004);
	});

	test('a row that belongs between those in view comes to stand there, at once', async () => {
		await startByTime(1_000);
		t.view.viewport.scrollTo(100);
		await settle();
		expect(secondsShown().slice(0, 3)).toEqual([8_990, 8_980, 8_970]);
		t.engine.appendAt(8_985);
		await t.tell();
		expect(secondsShown().slice(0, 4)).toEqual([8_990, 8_985, 8_980, 8_970]);
		expect(secondsShown()).not.toContain(undefined);
	});

	test('the chosen row stays the chosen one', async () => {
		const cursor = new RowCursor(t.view);
		await startByTime(1_000);
		cursor.select(5);
		const chosen = cursor.row?.seq;
		t.engine.appendAt(9_500);
		t.engine.appendAt(9_985);
		t.engine.appendAt(10_000);
		await t.tell();
		expect([cursor.row?.seq, cursor.rank]).toEqual([chosen, 4]);
		t.engine.insert([]);
		await t.tell(1_000);
		expect(cursor.row?.seq).toBe(chosen);
	});

	test('whatever comes and wherever the reader goes, each row is the one of its place', async () => {
		const random = new Random(3);
		await startByTime(500);
		for (let step = 0; step < 60; step++) {
			for (let count = random.below(8); count > 0; count--) {
				t.engine.appendAt(random.chance(0.5) ? 5_000 + step * 10 : random.below(5_000 + step * 10));
			}
			const top = random.pick([0, 3, 40, 200.5, 450]);
			t.view.viewport.scrollTo(top);
			t.view.storageChanged(t.engine.status);
			await t.clock.pass(60);
			const { viewport } = t.view;
			const first = Math.floor(viewport.top);
			expect(t.visible).toEqual(inOrder().slice(first, first + 30));
		}
	});

	test('answers that were asked for before rows came between are put where they belong', async () => {
		await startByTime(2_000);
		t.engine.appendAt(20_000);
		await t.tell();
		t.view.viewport.scrollTo(0);
		t.engine.appendAt(10_005);
		await t.tell();
		// Pages above the row that came late are asked for as of now; it comes while they are waited for.
		const release = t.block();
		t.view.viewport.scrollTo(700);
		await settle();
		t.engine.appendAt(13_105);
		const told = t.tell();
		await release();
		await told;
		await settle();
		const first = Math.floor(t.view.viewport.top);
		expect(t.visible).toEqual(inOrder().slice(first, first + 30));
	});
});

describe('the order', () => {
	test('another one keeps the reader’s row', async () => {
		t.view.setOrder('arrival');
		for (let index = 0; index < 400; index++) {
			t.engine.appendAt((index * 7) % 400);
		}
		await t.start(0);
		t.view.viewport.scrollTo(100);
		await settle();
		const [reader] = t.visible;
		t.view.setOrder('time');
		await settle();
		expect(t.visible[0]).toBe(reader);
		expect(t.visible).toEqual(inOrder().slice(t.view.viewport.top, t.view.viewport.top + 30));
		t.view.setOrder('arrival');
		await settle();
		expect(t.visible[0]).toBe(reader);
	});

	test('errors are found in it, one after the other, in both directions', async () => {
		const cursor = new RowCursor(t.view);
		t.view.setOrder('time');
		for (let index = 0; index < 100; index++) {
			const isError = index % 10 === 0;
			t.engine.appendAt((index * 37) % 100, isError ? { level: 'ERROR', severity: 40 } : {});
		}
		await t.start(0);
		const errors = inOrder().filter((seq) => (seq - 1) % 10 === 0);
		const found: (number | undefined)[] = [];
		while (await cursor.find('ERROR', 'older')) {
			found.push(cursor.row?.seq);
		}
		expect(found).toEqual(errors);
		while (await cursor.find('ERROR', 'newer')) {
			found.push(cursor.row?.seq);
		}
		expect(found).toEqual([...errors, ...errors.toReversed().slice(1)]);
	});
});

test('fields that are asked for come with the rows, also when they are chosen later', async () => {
	await t.start(10);
	t.engine.asked.length = 0;
	t.view.setFields(['extra.user']);
	await settle();
	expect(t.engine.asked.flatMap(({ query }) => ('limit' in query ? [query.fields] : []))).toEqual([
		['extra.user'],
	]);
});

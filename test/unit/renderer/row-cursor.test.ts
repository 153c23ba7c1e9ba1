import { beforeEach, describe, expect, test } from 'vitest';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import { makeRow } from './support/fake-engine.ts';
import { settle } from './support/manual-clock.ts';
import { ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;
let cursor: RowCursor;
let chosen: number[];

beforeEach(() => {
	t = new ViewInTest();
	cursor = new RowCursor(t.view);
	chosen = [];
	cursor.onRow = (row) => chosen.push(row.seq);
});

describe('moving', () => {
	test('begins at the first row in view', async () => {
		await t.start(1_000);
		t.view.viewport.scrollTo(10);
		cursor.move(1);
		expect(cursor.row?.seq).toBe(990);
	});

	test('goes from row to row, and scrolls no more than it has to', async () => {
		await t.start(1_000);
		cursor.toNewest();
		cursor.move(29);
		expect([cursor.row?.seq, t.view.viewport.top]).toEqual([971, 0]);
		cursor.move(1);
		expect([cursor.row?.seq, t.view.viewport.top]).toEqual([970, 1]);
		cursor.move(-40);
		expect([cursor.row?.seq, t.view.viewport.top, t.view.edge.following]).toEqual([1_000, 0, true]);
		expect(chosen).toEqual([1_000, 971, 970, 1_000]);
	});

	test('goes by screens, and to both ends', async () => {
		await t.start(1_000);
		cursor.toNewest();
		cursor.movePages(1);
		expect([cursor.row?.seq, t.view.viewport.top]).toEqual([971, 29]);
		cursor.toOldest();
		expect([cursor.row?.seq, t.view.viewport.top]).toEqual([801, 170]);
		cursor.movePages(1);
		expect(cursor.row?.seq).toBe(801);
		cursor.toNewest();
		expect([cursor.row?.seq, t.view.viewport.top]).toEqual([1_000, 0]);
	});

	test('goes the same way in the table that begins with the oldest', async () => {
		await t.start(1_000);
		t.view.viewport.newest = 'bottom';
		cursor.move(-1);
		expect(cursor.row?.seq).toBe(1_000);
		cursor.move(-30);
		expect([cursor.row?.seq, t.view.viewport.above]).toEqual([970, 169]);
		expect(t.view.edge.following).toBe(false);
		cursor.movePages(-1);
		expect([cursor.row?.seq, t.view.viewport.above]).toEqual([941, 140]);
		cursor.toTop();
		expect([cursor.row?.seq, t.view.viewport.above]).toEqual([801, 0]);
		cursor.movePages(100);
		expect([cursor.row?.seq, t.view.viewport.above]).toEqual([1_000, 170]);
		expect(t.view.edge.following).toBe(true);
		cursor.move(-100);
		cursor.toBottom();
		expect([cursor.row?.seq, t.view.edge.following]).toEqual([1_000, true]);
	});

	test('chooses nothing where there is nothing', async () => {
		await t.start(0);
		cursor.move(1);
		cursor.toOldest();
		expect(cursor.rank).toBeUndefined();
	});

	test('says which row it is once it is here', async () => {
		await t.start(10_000);
		t.view.setLimit(0);
		cursor.toOldest();
		expect(chosen).toEqual([]);
		await settle();
		expect(chosen).toEqual([1]);
	});
});

describe('the chosen row', () => {
	test('stays the same while others come above it', async () => {
		await t.start(100);
		cursor.select(3);
		t.engine.append(10);
		await t.tell();
		expect([cursor.row?.seq, cursor.isVisible]).toEqual([97, true]);
	});

	test('is found again when entries came in between', async () => {
		await t.start(50);
		const first = t.engine.reserve(5);
		t.engine.append(50);
		await t.tell();
		cursor.select(60 - t.view.set.added);
		const before = cursor.row?.seq;
		t.engine.insert([0, 1, 2].map((index) => makeRow(first + index)));
		await t.tell(1_000);
		expect(cursor.row?.seq).toBe(before);
		expect(before).toBe(40);
	});

	test('is let go when its entry is gone', async () => {
		await t.start(50);
		cursor.select(10);
		t.engine.remove(({ seq }) => seq === 40);
		await t.tell(1_000);
		expect(cursor.rank).toBeUndefined();
	});

	test('is found again with another filter that it matches', async () => {
		await t.start(50);
		cursor.select(10);
		t.view.setFilter({ q: 'message 4' });
		await settle();
		expect([cursor.rank, cursor.row?.seq]).toEqual([9, 40]);
	});

	test('is let go with a filter that it does not match', async () => {
		await t.start(50);
		cursor.select(10);
		t.view.setFilter({ q: 'message 5' });
		await settle();
		expect(cursor.rank).toBeUndefined();
	});
});

describe('searching for a level', () => {
	beforeEach(async () => {
		t.engine.append(100);
		t.engine.append(1, 'ERROR');
		t.engine.append(100);
		t.engine.append(1, 'WARNING');
		t.engine.append(100);
		t.engine.append(1, 'CRITICAL');
		t.engine.append(50);
		t.view.setLimit(0);
		await t.start(0);
	});

	test('goes to older ones and back to newer ones', async () => {
		expect(await cursor.find('ERROR', 'older')).toBe(true);
		expect(cursor.row?.level).toBe('CRITICAL');
		expect(await cursor.find('ERROR', 'older')).toBe(true);
		await settle();
		expect([cursor.row?.seq, cursor.isVisible]).toEqual([101, true]);
		expect(await cursor.find('WARNING', 'newer')).toBe(true);
		await settle();
		expect(cursor.row?.level).toBe('WARNING');
	});

	test('stays where it is when there is none', async () => {
		await cursor.find('ERROR', 'older');
		expect(await cursor.find('ERROR', 'newer')).toBe(false);
		expect(cursor.row?.level).toBe('CRITICAL');
	});

	test('goes on when another result takes the place of the one it searches', async () => {
		const release = t.block();
		const found = cursor.find('ERROR', 'older');
		await settle();
		t.engine.revision++;
		await release();
		await t.tell(1_000);
		expect(await found).toBe(true);
		expect(cursor.row?.level).toBe('CRITICAL');
	});

	test('finds none past the limit', async () => {
		t.view.setLimit(200);
		await cursor.find('ERROR', 'older');
		expect(await cursor.find('ERROR', 'older')).toBe(false);
	});

	test('keeps to the filter', async () => {
		t.view.setFilter({ min_level: 'CRITICAL' });
		await settle();
		expect(await cursor.find('WARNING', 'older')).toBe(true);
		expect(await cursor.find('WARNING', 'older')).toBe(false);
	});
});

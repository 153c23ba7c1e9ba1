import { beforeEach, describe, expect, test } from 'vitest';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import { RowFinder } from '../../../src/renderer/state/table/row-finder.ts';
import { settle } from './support/manual-clock.ts';
import { ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;
let cursor: RowCursor;
let finder: RowFinder;
let lifted: number;

const ERROR = { also: 'level:ERROR' };

beforeEach(async () => {
	t = new ViewInTest();
	cursor = new RowCursor(t.view);
	finder = new RowFinder(t.view, cursor);
	lifted = 0;
	finder.onLifted = () => lifted++;
	t.engine.append(100);
	t.engine.append(1, 'ERROR');
	t.engine.append(200);
	t.engine.append(1, 'ERROR');
	await t.start(100);
});

describe('the next entry that matches', () => {
	test('is looked for from the first row in view on, where none is chosen', async () => {
		expect(await finder.go(ERROR, 'older')).toBe(true);
		expect(cursor.row?.seq).toBe(302);
	});

	test('is another one than the chosen row', async () => {
		await finder.go(ERROR, 'older');
		await finder.go(ERROR, 'older');
		await settle();
		expect(cursor.row?.seq).toBe(101);
		await finder.go(ERROR, 'newer');
		await settle();
		expect(cursor.row?.seq).toBe(302);
		expect(await finder.go(ERROR, 'newer')).toBe(false);
		expect(cursor.row?.seq).toBe(302);
	});

	test('is two steps away for who asks twice, whether the first one was answered or not', async () => {
		const both = [finder.go(ERROR, 'older'), finder.go(ERROR, 'older')];
		expect(await Promise.all(both)).toEqual([true, true]);
		await settle();
		expect(cursor.row?.seq).toBe(101);
	});

	test('lifts the limit only where it stands in the way', async () => {
		await finder.go(ERROR, 'older');
		expect([t.view.limit, lifted]).toEqual([200, 0]);
		await finder.go(ERROR, 'older');
		expect([t.view.limit, lifted]).toEqual([0, 1]);
	});

	test('from far away comes into the middle of what is seen', async () => {
		await finder.go(ERROR, 'older');
		await finder.go(ERROR, 'older');
		expect((cursor.rank ?? 0) - t.view.viewport.topRank).toBe(15);
	});

	test('keeps to what is asked for', async () => {
		t.view.setFilter({ level: 'INFO' });
		await settle();
		expect(await finder.go(ERROR, 'older')).toBe(false);
	});

	test('is found in the result that has taken the place of the one it was looked for in', async () => {
		const release = t.block();
		const found = finder.go(ERROR, 'older');
		await settle();
		t.engine.revision++;
		await release();
		await t.tell(1_000);
		expect(await found).toBe(true);
		expect(cursor.row?.seq).toBe(302);
	});
});

test('the last entry before a moment is gone to', async () => {
	const ts = t.engine.entries.find(({ seq }) => seq === 150)?.ts ?? 0;
	expect(await finder.goToFirst({ until: ts })).toBe(true);
	await settle();
	expect(cursor.row?.seq).toBe(150);
	expect(await finder.goToFirst({ until: 1 })).toBe(false);
});

test('a row that is not among what is asked for is not gone to', async () => {
	const row = t.view.rowAt(5);
	t.view.setFilter({ level: 'ERROR' });
	await settle();
	expect(row !== undefined && (await finder.goToIfThere(row))).toBe(false);
	const error = t.view.rowAt(0);
	expect(error !== undefined && (await finder.goToIfThere(error))).toBe(true);
	expect(cursor.row?.level).toBe('ERROR');
});

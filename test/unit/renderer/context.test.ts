import { beforeEach, describe, expect, test } from 'vitest';
import { Context } from '../../../src/renderer/state/table/context.svelte.ts';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import { makeRow } from './support/fake-engine.ts';
import { settle } from './support/manual-clock.ts';
import { ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;
let cursor: RowCursor;
let context: Context;

/** 1,000 entries, every tenth of them an error, of which only those are shown. */
beforeEach(async () => {
	t = new ViewInTest();
	cursor = new RowCursor(t.view);
	context = new Context(t.view, cursor);
	t.engine.entries = Array.from({ length: 1_000 }, (_, index) =>
		makeRow(index + 1, { level: (index + 1) % 10 === 0 ? 'ERROR' : 'INFO' }),
	);
	await t.start(0);
	context.setFilter({ level: 'ERROR' });
	await settle();
});

/** The rows in view, the chosen one and whether new ones are followed. */
function place(): unknown {
	return [t.visible, cursor.row?.seq, t.view.edge.following, t.view.limit, t.view.filter];
}

async function openContext(): Promise<void> {
	const { row } = cursor;
	if (row !== undefined) {
		context.open(row);
	}
	await settle();
}

describe('an entry in its context', () => {
	test('stands where it stood, among all of its neighbours', async () => {
		t.view.viewport.scrollTo(10);
		cursor.select(20);
		await openContext();
		expect([context.isOpen, context.row?.seq, cursor.row?.seq]).toEqual([true, 800, 800]);
		expect(t.visible.slice(9, 12)).toEqual([801, 800, 799]);
		expect(t.view.edge.following).toBe(false);
	});

	test('is found however far beyond the limit', async () => {
		t.view.setLimit(50);
		cursor.select(40);
		cursor.reveal();
		await openContext();
		expect([cursor.row?.seq, t.visible.includes(600)]).toEqual([600, true]);
	});

	test('can be another one before the way back', async () => {
		cursor.select(20);
		await openContext();
		cursor.move(3);
		await openContext();
		expect(context.row?.seq).toBe(797);
		context.close();
		await settle();
		expect(cursor.row?.seq).toBe(800);
	});
});

describe('the way back', () => {
	test('leads to the same rows, the same chosen one and the same limit', async () => {
		t.view.setLimit(100);
		t.view.viewport.scrollTo(12.5);
		cursor.select(20);
		const before = place();
		await openContext();
		t.view.viewport.scrollTo(500);
		cursor.move(5);
		context.close();
		await settle();
		expect(place()).toEqual(before);
		expect(context.isOpen).toBe(false);
	});

	test('leads to the live edge, if the reader was there', async () => {
		cursor.select(3);
		const before = place();
		await openContext();
		context.close();
		await settle();
		expect(place()).toEqual(before);
	});

	test('leads to no chosen row, if none was chosen', async () => {
		const row = t.view.rowAt(4);
		context.open(row ?? makeRow(1));
		await settle();
		expect(cursor.row?.seq).toBe(960);
		context.close();
		await settle();
		expect(cursor.row).toBeUndefined();
	});
});

test('what is asked for meanwhile is shown, in the limit of before', async () => {
	t.view.setLimit(50);
	cursor.select(3);
	await openContext();
	context.setFilter({ level: 'INFO' });
	await settle();
	expect([context.isOpen, t.view.limit, t.visible[0]]).toEqual([false, 50, 999]);
});

test('what is renewed meanwhile is what the way back leads to', async () => {
	cursor.select(3);
	await openContext();
	context.renewFilter({ level: 'ERROR', since: 5 });
	await settle();
	expect(t.view.filter).toEqual({});
	context.close();
	await settle();
	expect(t.view.filter).toEqual({ level: 'ERROR', since: 5 });
});

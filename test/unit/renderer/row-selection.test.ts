import { beforeEach, describe, expect, test } from 'vitest';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import {
	MAX_SELECTED,
	RowSelection,
} from '../../../src/renderer/state/table/row-selection.svelte.ts';
import { settle } from './support/manual-clock.ts';
import { downFrom, ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;
let cursor: RowCursor;
let selection: RowSelection;

beforeEach(() => {
	t = new ViewInTest();
	cursor = new RowCursor(t.view);
	selection = new RowSelection(t.view, cursor);
});

function chosen(): readonly number[] {
	return selection.rows.map(({ seq }) => seq);
}

describe('the rows that are meant', () => {
	test('are the one of the cursor, or none', async () => {
		await t.start(100);
		expect(chosen()).toEqual([]);
		cursor.select(3);
		expect([chosen(), selection.size]).toEqual([[97], 0]);
	});

	test('grow and shrink with the cursor, from where it was', async () => {
		await t.start(100);
		cursor.select(3);
		await selection.extend(1);
		await selection.extend(1);
		expect([chosen(), cursor.rank]).toEqual([[97, 96, 95], 5]);
		await selection.extend(-1);
		expect(chosen()).toEqual([97, 96]);
		await selection.extendTo(1);
		expect([chosen(), cursor.rank]).toEqual([[99, 98, 97], 1]);
	});

	test('are in the order of the table that begins with the oldest, too', async () => {
		await t.start(100);
		t.view.viewport.newest = 'bottom';
		cursor.select(3);
		await selection.extend(1);
		await selection.extend(1);
		expect([chosen(), cursor.rank]).toEqual([[97, 98, 99], 1]);
		await selection.extend(-4);
		expect([chosen(), cursor.rank]).toEqual([[95, 96, 97], 5]);
	});

	test('begin at the first row in view where there is no cursor', async () => {
		await t.start(100);
		await selection.extend(1);
		expect([cursor.rank, chosen()]).toEqual([0, [100]]);
	});

	test('are single ones too, in the order of the table', async () => {
		await t.start(100);
		cursor.select(5);
		selection.toggle(9);
		selection.toggle(2);
		expect([chosen(), cursor.rank]).toEqual([[98, 95, 91], 2]);
		selection.toggle(5);
		expect(chosen()).toEqual([98, 91]);
		expect([selection.has(91), selection.has(95)]).toEqual([true, false]);
	});

	test('begin with the row of the cursor when it is the first single one', async () => {
		await t.start(100);
		cursor.select(5);
		selection.toggle(5);
		selection.moveOnly(2);
		selection.toggle(7);
		expect(chosen()).toEqual([95, 93]);
		selection.toggle(7);
		selection.toggle(5);
		expect([selection.size, chosen()]).toEqual([0, [95]]);
	});

	test('are the one of the cursor again when it goes elsewhere', async () => {
		await t.start(100);
		cursor.select(5);
		await selection.extend(1);
		cursor.move(1);
		expect([selection.size, chosen()]).toEqual([0, [93]]);
	});
});

describe('many rows', () => {
	test('are fetched where they are not here', async () => {
		await t.start(5_000);
		t.view.setLimit(0);
		cursor.select(10);
		expect(await selection.extendTo(4_010)).toBe(0);
		expect(chosen()).toEqual(downFrom(4_990, 4_001));
	});

	test('are all of the table, as far as its limit goes', async () => {
		await t.start(5_000);
		expect(await selection.all()).toBe(0);
		expect(chosen()).toEqual(downFrom(5_000, 200));
	});

	test('have an end, which is told', async () => {
		await t.start(MAX_SELECTED + 30);
		t.view.setLimit(0);
		expect(await selection.all()).toBe(30);
		expect(selection.size).toBe(MAX_SELECTED);
		cursor.toOldest();
		await settle();
		expect(await selection.extendTo(0)).toBe(30);
		expect([chosen().at(0), chosen().at(-1)]).toEqual([MAX_SELECTED, 1]);
	});

	test('that are no longer wanted do not come back', async () => {
		await t.start(5_000);
		t.view.setLimit(0);
		cursor.select(0);
		const choosing = selection.extendTo(3_000);
		selection.clear();
		await choosing;
		expect(selection.size).toBe(0);
	});
});

describe('chosen rows stay chosen', () => {
	test('while others come above them', async () => {
		await t.start(100);
		cursor.select(3);
		await selection.extend(1);
		t.engine.append(10);
		await t.tell();
		expect(chosen()).toEqual([97, 96]);
		await selection.extend(1);
		expect(chosen()).toEqual([97, 96, 95]);
	});

	test('in another result, from which a stretch goes on', async () => {
		await t.start(100);
		cursor.select(3);
		await selection.extend(1);
		t.engine.remove(({ seq }) => seq === 100);
		await t.tell(1_000);
		expect(chosen()).toEqual([97, 96]);
		await selection.extend(1);
		expect(chosen()).toEqual([97, 96, 95]);
	});
});

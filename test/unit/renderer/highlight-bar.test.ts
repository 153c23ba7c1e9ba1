import { beforeEach, describe, expect, test } from 'vitest';
import { Highlight } from '../../../src/renderer/state/table/highlight.svelte.ts';
import { RowCursor } from '../../../src/renderer/state/table/row-cursor.svelte.ts';
import { RowFinder } from '../../../src/renderer/state/table/row-finder.ts';
import { settle } from './support/manual-clock.ts';
import { ViewInTest } from './support/view-in-test.ts';

let t: ViewInTest;
let cursor: RowCursor;
let highlight: Highlight;

beforeEach(async () => {
	t = new ViewInTest();
	cursor = new RowCursor(t.view);
	const finder = new RowFinder(t.view, cursor);
	highlight = new Highlight(t.engine, t.view, cursor, finder, t.clock, () => ({
		zone: 'UTC',
		marked: [3, 5],
		notes: [],
		seenTo: undefined,
	}));
	t.engine.append(20, 'INFO', 'blue');
	t.engine.append(20, 'ERROR', 'red');
	await t.start(0);
	highlight.open();
});

async function type(text: string): Promise<void> {
	highlight.type(text);
	await t.clock.pass(1_000);
}

describe('what is looked for', () => {
	test('is counted in the whole result, and seen in and around the viewport', async () => {
		await type('blue');
		expect(highlight.found).toEqual({ matched: 20, complete: true, position: undefined });
		expect([highlight.seqs.has(20), highlight.seqs.has(21)]).toEqual([true, false]);
	});

	test('is any query', async () => {
		await type('level:>=warning -"red 40"');
		expect(highlight.found?.matched).toBe(19);
		await type('is:marked');
		expect(highlight.found?.matched).toBe(2);
	});

	test('leaves everything else where it is', async () => {
		await type('blue');
		expect(t.view.set.matched).toBe(40);
	});

	test('that cannot be read as a query is looked for as text, and says why', async () => {
		await type('"red 4');
		expect(highlight.parsed.problem?.message).toMatch(/\.$/);
		expect(highlight.found?.matched).toBe(0);
	});

	test('is counted again when entries came', async () => {
		await type('green');
		expect(highlight.found?.matched).toBe(0);
		t.engine.append(3, 'INFO', 'green');
		await t.tell();
		highlight.viewChanged();
		await t.clock.pass(1_000);
		expect(highlight.found?.matched).toBe(3);
	});

	test('is told as "at least" until it is counted to the end', async () => {
		t.engine.slices = 4;
		const seen: boolean[] = [];
		highlight.type('blue');
		for (let step = 0; step < 40; step++) {
			await t.clock.pass(20);
			seen.push(highlight.found?.complete ?? false);
		}
		expect(highlight.found).toEqual({ matched: 20, complete: true, position: undefined });
		expect(seen[0]).toBe(false);
	});

	test('is forgotten when the field is closed or emptied, and there again when opened', async () => {
		await type('blue');
		highlight.close();
		expect([highlight.found, highlight.seqs.size, highlight.what]).toEqual([
			undefined,
			0,
			undefined,
		]);
		highlight.open();
		await t.clock.pass(1_000);
		expect(highlight.found?.matched).toBe(20);
		await type(' ');
		expect(highlight.found).toBeUndefined();
	});
});

test('its rows are gone through, and it is told which of them one is', async () => {
	await type('blue');
	expect(await highlight.go('older')).toBe(true);
	expect(await highlight.go('older')).toBe(true);
	expect(cursor.row?.seq).toBe(19);
	highlight.viewChanged();
	await t.clock.pass(1_000);
	expect(highlight.found?.position).toBe(2);
	expect(await highlight.go('newer')).toBe(true);
	expect(cursor.row?.seq).toBe(20);
	expect(await highlight.go('newer')).toBe(false);
});

test('Enter does not wait for the pause after typing', async () => {
	highlight.type('"blue 7"');
	const going = highlight.go('older');
	await settle();
	expect(await going).toBe(true);
	expect(cursor.row?.seq).toBe(7);
});

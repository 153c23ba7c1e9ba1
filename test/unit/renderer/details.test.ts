import { expect, test } from 'vitest';
import type { LogEntry } from '#shared/model/entry.ts';
import { Details } from '../../../src/renderer/state/details.svelte.ts';
import { makeRow } from './support/fake-engine.ts';
import { settle } from './support/manual-clock.ts';

/** Details of an engine that holds the entries up to `newest`, and what was read. */
function makeDetails(newest: number) {
	const asked: number[] = [];
	const texts = new Map<number, string>();
	const details = new Details({
		getEntry: async ({ seq }) => {
			asked.push(seq);
			await new Promise((resolve) => setImmediate(resolve));
			const entry: LogEntry = { ...makeRow(seq), raw: texts.get(seq) ?? '', file: '/a', offset: 0 };
			return seq <= newest ? entry : undefined;
		},
	});
	return { details, asked, texts };
}

test('reads nothing until the pane is open', async () => {
	const { details, asked } = makeDetails(10);
	details.show(3);
	await settle();
	expect(asked).toEqual([]);
	details.open();
	await settle();
	expect(details.entry?.seq).toBe(3);
});

test('of many rows in a row reads the first and the last', async () => {
	const { details, asked } = makeDetails(100);
	details.open();
	for (let seq = 1; seq <= 50; seq++) {
		details.show(seq);
	}
	await settle();
	expect(asked).toEqual([1, 50]);
	expect(details.entry?.seq).toBe(50);
});

test('says that an entry is gone, and forgets that with the next one', async () => {
	const { details } = makeDetails(10);
	details.open();
	details.show(11);
	await settle();
	expect(details.problem).toBe('This entry is no longer stored.');
	details.show(4);
	await settle();
	expect([details.entry?.seq, details.problem]).toEqual([4, undefined]);
});

test('says what failed', async () => {
	const details = new Details({ getEntry: () => Promise.reject(new Error('No such table')) });
	details.open();
	details.show(1);
	await settle();
	expect(details.problem).toBe('No such table');
});

test('reads a newest entry again when more came: its traceback may have followed', async () => {
	const { details, asked, texts } = makeDetails(10);
	details.open();
	details.show(10);
	await settle();
	texts.set(10, 'with its traceback');
	details.storageChanged(11);
	await settle();
	expect([details.entry?.raw, asked]).toEqual(['with its traceback', [10, 10]]);
	for (let watermark = 12; watermark < 20; watermark++) {
		details.storageChanged(watermark);
		await settle();
	}
	expect(asked.length).toBeLessThan(4);
});

test('reads the entry again after the columns of its source were changed, if it is shown', async () => {
	const { details, asked } = makeDetails(10);
	details.reread();
	details.open();
	details.reread();
	details.show(3);
	await settle();
	details.reread();
	await settle();
	expect(asked).toEqual([3, 3]);
});

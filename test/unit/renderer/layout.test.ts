import { expect, test } from 'vitest';
import { Layout } from '../../../src/renderer/state/layout.svelte.ts';

test('a narrow window begins without the side panel', () => {
	expect([new Layout(999).sourcesOpen, new Layout(1_000).sourcesOpen]).toEqual([false, true]);
});

test('the columns of a source go back to its panel, those of an entry to the table', () => {
	const layout = new Layout(1_360);
	layout.dialog = { kind: 'mapping', id: 3 };
	layout.closeDialog();
	expect(layout.dialog).toEqual({ kind: 'source', id: 3 });
	layout.closeDialog();
	expect(layout.dialog).toBeUndefined();
	layout.dialog = { kind: 'mapping', id: 3, seq: 12 };
	layout.closeDialog();
	expect(layout.dialog).toBeUndefined();
});

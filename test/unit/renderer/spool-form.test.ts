import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#shared/model/settings.ts';
import { SpoolForm } from '../../../src/renderer/state/storages/spool-form.svelte.ts';

function open(refuses?: string) {
	const host = {
		settings: DEFAULT_SETTINGS,
		services: {
			engine: {
				setSpoolBytes: async ({ bytes }: { readonly bytes: number }) => {
					if (refuses !== undefined) {
						throw new Error(refuses);
					}
					const storage = { ...host.settings.storage, spool_bytes: bytes };
					host.settings = { ...host.settings, storage };
				},
			},
		},
	};
	return { host, form: new SpoolForm(host) };
}

test('what is kept for a storage that is away is shown and set in GB', async () => {
	const { host, form } = open();
	expect([form.text, form.isChanged]).toEqual(['2', false]);
	form.text = ' 0.5 ';
	expect(form.isChanged).toBe(true);
	expect(await form.save()).toBe(true);
	expect(host.settings.storage.spool_bytes).toBe(512 * 1_024 ** 2);
	expect([form.text, form.isChanged, form.isDone]).toEqual(['0.5', false, true]);
});

test('what would not do is said with what would, and nothing is set', async () => {
	const { host, form } = open();
	for (const text of ['', 'much', '-1', '1000000']) {
		form.text = text;
		expect(await form.save()).toBe(false);
		expect(form.problem).toBe('Type a number of GB, up to 900,000, or 0 for no bound.');
	}
	expect(host.settings.storage.spool_bytes).toBe(2 * 1_024 ** 3);
	form.text = '0';
	expect([await form.save(), form.problem]).toEqual([true, undefined]);
	expect(host.settings.storage.spool_bytes).toBe(0);
});

test('why it could not be set is said, and what was typed stays', async () => {
	const { form } = open('The disk is full.');
	form.text = '3';
	expect([await form.save(), form.problem, form.text]).toEqual([false, 'The disk is full.', '3']);
});

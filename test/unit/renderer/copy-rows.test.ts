import { expect, test } from 'vitest';
import { copyRows } from '../../../src/renderer/state/table/copy-rows.ts';
import type { CopyForm } from '../../../src/renderer/state/table/copy-rows.ts';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';
import type { Workspace } from '../../../src/renderer/state/workspace.svelte.ts';
import { ManualClock } from './support/manual-clock.ts';

test.each<CopyForm>(['lines', 'json'])(
	'more than a clipboard is made for is not copied as %s, and no more of it is read',
	async (form) => {
		const raw = 'x'.repeat(1_024 * 1_024);
		let read = 0;
		const notices = new Notices(new ManualClock());
		const workspace = {
			notices,
			settings: { time_zone: 'utc' },
			selection: { rows: Array.from({ length: 100 }, (_, seq) => ({ seq })) },
			services: { engine: { getEntry: async () => (read++, { raw }) } },
		} as unknown as Workspace; // what copying asks of it
		await copyRows(workspace, form);
		expect(notices.list.map(({ text }) => text)).toEqual([
			'The 100 rows could not be copied: they are more than 32.0 MB of text. Export them to a file instead.',
		]);
		expect(read).toBe(40);
	},
);

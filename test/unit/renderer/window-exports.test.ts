import { beforeEach, describe, expect, test } from 'vitest';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportState, ExportStatus } from '#shared/model/export.ts';
import * as v from 'valibot';
import { currentServices } from '../../../src/renderer/connection/open-services.ts';
import { WindowExports } from '../../../src/renderer/state/export/window-exports.svelte.ts';
import { Notices } from '../../../src/renderer/state/notices.svelte.ts';
import { ManualClock } from './support/manual-clock.ts';

const REQUEST = v.parse(exportRequestSchema, { format: 'csv' });

let notices: Notices;
let exports: WindowExports;
/** What is done before the host's answer is here. */
let beforeAnswer: () => void;

beforeEach(() => {
	const services = currentServices(() => undefined);
	beforeAnswer = () => {};
	notices = new Notices(new ManualClock());
	const exportEntries = async () => {
		beforeAnswer();
		return { kind: 'saving', id: 7 } as const;
	};
	exports = new WindowExports({ ...services, host: { ...services.host, exportEntries } }, notices);
});

function statusOf(state: ExportState, more: Partial<ExportStatus> = {}): ExportStatus {
	return {
		id: 7,
		state,
		format: 'csv',
		path: '/x/a.csv',
		rows: 1_204,
		bytes: 4_718_592,
		fraction: 1,
		missing: 0,
		...more,
	};
}

describe('the exports of a window', () => {
	test('are its own, and told of as they go on', async () => {
		exports.told([statusOf('writing')]);
		expect(exports.list).toEqual([]);
		expect(await exports.begin(REQUEST, 'a.csv')).toBe(7);
		exports.told([statusOf('writing', { fraction: 0.5 }), statusOf('writing', { id: 8 })]);
		expect(exports.list).toEqual([
			{
				id: 7,
				name: 'a.csv',
				isDownload: false,
				status: statusOf('writing', { fraction: 0.5 }),
			},
		]);
	});

	test('may have ended before the start is answered', async () => {
		beforeAnswer = () => exports.told([statusOf('done')]);
		await exports.begin(REQUEST, 'a.csv');
		expect(exports.byId(7)?.status?.state).toBe('done');
	});

	test('say how they ended, and stay to be looked at if there is a file', async () => {
		await exports.begin(REQUEST, 'a.csv');
		exports.told([statusOf('done', { missing: 1 })]);
		exports.told([statusOf('done', { missing: 1 })]);
		expect(notices.list.map(({ text }) => text)).toEqual([
			'Exported /x/a.csv: 1,204 entries, 4.5 MB. 1 entry is not in it: it could not be read any more.',
		]);
		expect(exports.list).toHaveLength(1);
	});

	test.each([
		['failed', 'error', 'The disk is full.'],
		['cancelled', 'remark', 'The export of a.csv was cancelled.'],
	] as const)('that %s say so and are gone', async (state, kind, text) => {
		await exports.begin(REQUEST, 'a.csv');
		exports.told([statusOf(state, state === 'failed' ? { message: 'The disk is full.' } : {})]);
		expect(notices.list).toMatchObject([{ kind, text }]);
		expect(exports.list).toEqual([]);
	});

	test('say nothing to a dialog that shows them, and are seen when it closes', async () => {
		await exports.begin(REQUEST, 'a.csv');
		const unwatch = exports.watch(7);
		exports.told([statusOf('failed', { message: 'The disk is full.' })]);
		expect([notices.list, exports.list.length]).toEqual([[], 1]);
		unwatch();
		expect(exports.list).toEqual([]);
	});

	test('go on when their dialog closes before they have ended', async () => {
		await exports.begin(REQUEST, 'a.csv');
		exports.watch(7)();
		exports.told([statusOf('done')]);
		expect([notices.list.length, exports.list.length]).toEqual([1, 1]);
	});

	test('are lost with the engine that wrote them, and not with a connection to it', async () => {
		await exports.begin(REQUEST, 'a.csv');
		exports.reconnected([statusOf('writing')]);
		expect(exports.list).toHaveLength(1);
		exports.reconnected([]);
		expect(exports.list).toEqual([]);
		expect(notices.list).toMatchObject([
			{
				kind: 'error',
				text: 'a.csv was not exported: the log engine was started anew. Export it again.',
			},
		]);
	});
});

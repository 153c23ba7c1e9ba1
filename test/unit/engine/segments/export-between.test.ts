import { expect, test } from 'vitest';
import * as v from 'valibot';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportWish } from '#shared/model/export.ts';
import { asynczLine } from '../../../support/write-log.ts';
import { countOf, LogInTest, newStorage, sinkOf } from './storage-in-test.ts';

const ROWS = 9_000;
const WISHES: readonly ExportWish[] = [
	{ format: 'text', columns: ['message'], filter: { q: 'even' }, limit: 100 },
	{ format: 'text', columns: ['message'], filter: { min_level: 'WARNING' }, limit: 100 },
	{ format: 'text', columns: ['message'], filter: { q: 'even' }, order: 'time' },
];

test('an export and questions that are asked meanwhile do not see the other one’s counts', async () => {
	const storage = newStorage();
	const log = new LogInTest(sinkOf(storage));
	const lines = Array.from({ length: ROWS }, (_, index) =>
		asynczLine(`${index % 2 === 0 ? 'even' : 'odd'} ${index}`, {
			level: index % 3 === 0 ? 'WARNING' : 'INFO',
		}),
	);
	await log.append(lines.map((line) => `${line}\n`).join(''));
	for (const [id, wish] of WISHES.entries()) {
		const rows = async (isDisturbed: boolean): Promise<number> => {
			const request = v.parse(exportRequestSchema, wish);
			await storage.exports.openExport({ id, request });
			for (let written = 0; ;) {
				const other = isDisturbed ? await countOf(storage, { q: 'odd 77' }) : undefined;
				expect(other?.matched ?? 56).toBe(56);
				const chunk = await storage.exports.readExport({ id });
				written = chunk?.rows ?? 0;
				if (chunk?.isDone !== false) {
					return written;
				}
			}
		};
		const disturbed = await rows(true);
		expect(disturbed).toBe(wish.limit ?? ROWS / 2);
		expect(await rows(false)).toBe(disturbed);
		expect(await countOf(storage, { q: 'even' })).toMatchObject({ matched: ROWS / 2 });
	}
});

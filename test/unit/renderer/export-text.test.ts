import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportWish } from '#shared/model/export.ts';
import { planText } from '../../../src/renderer/lib/export-text.ts';
import type { ExportPlan } from '../../../src/renderer/lib/export-text.ts';

function planned(wish: ExportWish, plan: Partial<ExportPlan> = {}): string {
	return planText({
		what: 'query',
		count: { rows: 1_204, isExact: true },
		request: v.parse(exportRequestSchema, wish),
		columns: ['Time', 'user.id'],
		zone: 'utc',
		...plan,
	});
}

describe('the plan of an export', () => {
	test('says how many, in which order, and as what', () => {
		expect(planned({ format: 'jsonl' })).toBe(
			'1,204 entries, all there are; as they came, the oldest first; JSONL, AsyncZ’s records.',
		);
		expect(
			planned(
				{ format: 'original', gzip: true, order: 'time', first: 'newest' },
				{ what: 'marked' },
			),
		).toBe(
			'1,204 entries: all that are marked; by time, the newest first; Original lines, compressed with gzip.',
		);
	});

	test('names the query, the range and the columns, each on one line', () => {
		const filter = {
			query: 'level:error\n\u202Ex',
			since: 1_795_000_000_000_000,
			until: 1_795_000_060_000_000,
		};
		expect(planned({ format: 'csv', filter, precision: 3, time_zone: 'local' })).toBe(
			`1,204 entries: those that match level:error ↵ ⟨U+202E⟩x, from 2026-11-18 11:06:40.000000 +00:00 to 2026-11-18 11:07:40.000000 +00:00; as they came, the oldest first; CSV, with Time, user.id, times in local time with milliseconds.`,
		);
	});

	test('says what is not known', () => {
		const wish = { format: 'text' } as const;
		expect(planned(wish, { count: { rows: 7, isExact: false } })).toMatch(/^At least 7 entries, /);
		expect(planned(wish, { count: { rows: undefined, isExact: false } })).toMatch(/^All entries, /);
	});
});

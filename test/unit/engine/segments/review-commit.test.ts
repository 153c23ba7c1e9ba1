import { expect, test } from 'vitest';
import { Dictionary } from '#engine/segments/segment/dictionary.ts';
import { SegmentWriter } from '#engine/segments/segment/segment-writer.ts';
import { CommitWriter } from '#engine/segments/sqlite/commit.ts';
import type { Commit } from '#engine/segments/sqlite/commit.ts';
import { readCatalogue } from '#engine/segments/sqlite/catalogue.ts';
import { openWritable } from '#engine/segments/sqlite/schema.ts';
import { databasePath } from './storage-in-test.ts';

test('a segment that left while its rows were read anew does not come back', () => {
	const db = openWritable(databasePath());
	const writer = new SegmentWriter({
		id: 1,
		seq: 1,
		capacity: 8,
		isFixed: true,
		textLimit: 1_048_576,
		dictionary: new Dictionary(),
	});
	writer.addGap(1, { ts: 1, level: 0, message: 'lost' });
	const counters = { ...readCatalogue(db).counters };
	const commit = (coverage: Commit['segments'][number]['coverage']): Commit => ({
		segments: [{ segment: writer.segment(), memory: writer.memory(), coverage, keepsText: true }],
		generations: [],
		empty: [],
		texts: { level: [], logger: [], task: [] },
		firstIds: { level: 1, logger: 1, task: 1 },
		counters,
		kept: [],
	});
	const commits = new CommitWriter(db);
	commits.save(commit([]));
	expect(readCatalogue(db).segments.length).toBe(1);
	commits.remove({ segments: [1], generations: [], counters });
	commits.save(commit(undefined));
	expect(readCatalogue(db).segments).toEqual([]);
	db.close();
});

import Database from 'better-sqlite3';
import { zstdDecompressSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { RowFlag, unpackColumns } from '#engine/segments/segment/columns.ts';
import { parseGeneration } from '#engine/segments/segment/generation-record.ts';
import { RangeSet } from '#engine/segments/segment/range-set.ts';
import type { Range } from '#engine/segments/segment/range-set.ts';
import { readCatalogue } from '#engine/segments/sqlite/catalogue.ts';
import { openReadonly, textKey } from '#engine/segments/sqlite/schema.ts';
import type { ReadonlyDatabase } from '#engine/segments/sqlite/schema.ts';

/** The database of a storage, for a look from outside. */
export function lookInto(path: string): ReadonlyDatabase {
	const db = openReadonly(path);
	onTestFinished(() => void db.close());
	return db;
}

/** All text that is kept, of all segments. */
export function keptText(path: string): string {
	const db = new Database(path, { readonly: true });
	try {
		const blocks = db.prepare('SELECT data FROM text ORDER BY id').pluck().all() as Buffer[];
		return Buffer.concat(blocks.map((block) => zstdDecompressSync(block))).toString();
	} finally {
		db.close();
	}
}

/**
 * Checks that a database is true in itself: segments do not overlap, their columns have their rows,
 * what the logs say of the bytes read is what segments hold. Throws what is not.
 */
export function checkDatabase(path: string): void {
	const db = openReadonly(path);
	try {
		const { segments, generations, coverage, texts, counters } = readCatalogue(db);
		let nextSeq = 0;
		for (const segment of segments) {
			must(segment.seq >= nextSeq, `segment ${segment.id} overlaps the one before it`);
			nextSeq = segment.seq + segment.rows;
			const data = db.prepare('SELECT columns FROM segment WHERE id = ?').pluck().get(segment.id);
			const columns = unpackColumns(data as Buffer, segment.rows);
			const hidden = columns.flags.filter((flags) => (flags & RowFlag.hidden) !== 0).length;
			must(hidden === segment.hidden, `segment ${segment.id} has ${hidden} hidden rows`);
			must(
				segment.rows === 0 || columns.end[segment.rows - 1] === segment.textBytes,
				`segment ${segment.id} has other text than its rows`,
			);
			for (const kind of ['level', 'logger', 'task'] as const) {
				const highest = [...columns[kind]].reduce((most, id) => Math.max(most, id), 0);
				must(highest <= texts[kind].length, `segment ${segment.id} has an unknown ${kind}`);
			}
			const blocks = db
				.prepare('SELECT data FROM text WHERE id BETWEEN ? AND ? ORDER BY id')
				.pluck()
				.all(textKey(segment.id, 0), textKey(segment.id + 1, 0) - 1) as Buffer[];
			const bytes = blocks.reduce((sum, block) => sum + zstdDecompressSync(block).length, 0);
			must(
				bytes === (segment.isTextKept ? segment.textBytes : 0),
				`segment ${segment.id} keeps ${bytes} of ${segment.textBytes} bytes, isTextKept ${segment.isTextKept}`,
			);
			must(segment.id < counters.next_segment, `segment ${segment.id} will be made again`);
		}
		must(counters.next_seq >= nextSeq, `seq ${counters.next_seq} was given out`);
		const ids = new Set(segments.map(({ id }) => id));
		const orphans = db
			.prepare('SELECT count(*) FROM text WHERE id / 1048576 NOT IN (SELECT id FROM segment)')
			.pluck()
			.get();
		must(orphans === 0, `${String(orphans)} blocks of text belong to no segment`);
		for (const { segment } of coverage) {
			must(segment === null || ids.has(segment), `coverage names segment ${segment}`);
		}
		const logs = new Map(generations.map((saved) => [saved.id, parseGeneration(saved)]));
		for (const { generation } of coverage) {
			must(logs.has(generation), `coverage names log ${generation}`);
		}
		for (const [id, { identity, left, isDestroyed }] of logs) {
			// Throws where bytes are stored twice.
			const covered = new RangeSet(coverage.filter(({ generation }) => generation === id));
			must((covered.ranges.at(-1)?.end ?? 0) <= identity.end, `log ${id} has more than was read`);
			const missing = covered.missing({ start: 0, end: identity.end });
			must(
				isDestroyed || missing.every((range) => isIn(range, left)),
				`log ${id} lacks ${JSON.stringify(missing)}`,
			);
		}
		for (const segment of segments) {
			for (const { generation } of segment.spans) {
				must(logs.has(generation) || segment.hidden > 0, `segment ${segment.id} is of no log`);
			}
		}
	} finally {
		db.close();
	}
}

function isIn({ start, end }: Range, ranges: readonly Range[]): boolean {
	return ranges.some((range) => range.start <= start && end <= range.end);
}

function must(isTrue: boolean, otherwise: string): void {
	if (!isTrue) {
		throw new Error(otherwise);
	}
}

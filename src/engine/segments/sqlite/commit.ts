import { zstdCompressSync } from 'node:zlib';
import { FAST, packColumns, viewColumns } from '../segment/columns.ts';
import { DICTIONARY_KINDS } from '../segment/dictionary.ts';
import type { DictionaryTexts } from '../segment/dictionary.ts';
import { filterCount } from '../segment/segment.ts';
import type { Segment, SegmentMemory } from '../segment/segment.ts';
import { FILTER_BYTES } from '../../scan/scanner.ts';
import { formatSegment, readSegment } from './catalogue.ts';
import { RangeSet } from '../segment/range-set.ts';
import type { SavedGeneration } from '../segment/generation-record.ts';
import type { Counters, Coverage } from './catalogue.ts';
import { TEXT_BLOCK_BYTES, textKey } from './schema.ts';
import type { WritableDatabase } from './schema.ts';

/** A segment to be saved, whole or as far as it has come. */
export interface SegmentCommit {
	readonly segment: Segment;
	readonly memory: SegmentMemory;
	/** All of what it holds; `undefined`: the same as before, unless it has left since. */
	readonly coverage: readonly Coverage[] | undefined;
	/** Whether the text in `memory` is to be kept. */
	readonly keepsText: boolean;
}

/** A moment of the ingest that is true as a whole: it is saved in one transaction. */
export interface Commit {
	readonly segments: readonly SegmentCommit[];
	readonly generations: readonly SavedGeneration[];
	/** Bytes that made no rows (blank lines). */
	readonly empty: readonly Coverage[];
	/** Texts that ids were given to since the last commit, and the id of the first of each kind. */
	readonly texts: DictionaryTexts;
	readonly firstIds: Readonly<Record<keyof DictionaryTexts, number>>;
	readonly counters: Counters;
	readonly kept: readonly KeptText[];
}

/** The text of a segment that is stored already, compressed in blocks. */
export interface KeptText {
	/** What it was when its text was read. */
	readonly segment: Segment;
	readonly blocks: readonly Uint8Array[];
}

/** What leaves to keep within the bounds, or because its source was removed. */
export interface Removal {
	readonly segments: readonly number[];
	/** Logs that are forgotten wholly. */
	readonly generations: readonly number[];
	readonly counters: Counters;
}

/** The text of a segment in the blocks in which it is kept. */
export function compressText(text: Uint8Array, firstBlock = 0): Uint8Array[] {
	const blocks: Uint8Array[] = [];
	for (let at = firstBlock * TEXT_BLOCK_BYTES; at < text.length; at += TEXT_BLOCK_BYTES) {
		blocks.push(zstdCompressSync(text.subarray(at, at + TEXT_BLOCK_BYTES), FAST));
	}
	return blocks;
}

/** Writes commits, each as one transaction. */
export class CommitWriter {
	readonly #db: WritableDatabase;
	/** Whole blocks of text that are stored, of segments that still grow. */
	readonly #textBlocks = new Map<number, number>();

	constructor(db: WritableDatabase) {
		this.#db = db;
	}

	/** Saves a commit, all or nothing. Saving it again changes nothing. */
	save(commit: Commit): void {
		const stored = new Map<number, number>();
		this.#db.transaction(() => {
			this.#saveTexts(commit);
			this.#saveGenerations(commit.generations);
			for (const segment of commit.segments) {
				this.#saveSegment(segment, stored);
			}
			this.#cover(commit.empty.filter((coverage) => !this.#isCovered(coverage)));
			for (const kept of commit.kept) {
				this.#keepText(kept);
			}
			this.#saveCounters(commit.counters);
		})();
		for (const [segment, blocks] of stored) {
			this.#textBlocks.set(segment, blocks);
		}
		while (this.#textBlocks.size > 16) {
			this.#textBlocks.delete(this.#textBlocks.keys().next().value ?? 0);
		}
	}

	/** Takes segments and logs out, all or nothing. */
	remove(removal: Removal): void {
		const generationsOf = this.#db
			.prepare('SELECT DISTINCT generation FROM coverage WHERE segment = ?')
			.pluck();
		const expire = this.#db.prepare('UPDATE coverage SET segment = NULL WHERE segment = ?');
		const dropSegment = this.#db.prepare('DELETE FROM segment WHERE id = ?');
		const dropText = this.#db.prepare('DELETE FROM text WHERE id BETWEEN ? AND ?');
		this.#db.transaction(() => {
			const touched = new Set<number>();
			for (const id of removal.segments) {
				for (const generation of generationsOf.all(id) as number[]) {
					touched.add(generation);
				}
				expire.run(id);
				dropSegment.run(id);
				dropText.run(textKey(id, 0), textKey(id + 1, 0) - 1);
			}
			for (const generation of touched) {
				this.#joinExpired(generation);
			}
			for (const generation of removal.generations) {
				this.#db.prepare('DELETE FROM coverage WHERE generation = ?').run(generation);
				this.#db.prepare('DELETE FROM generation WHERE id = ?').run(generation);
			}
			this.#saveCounters(removal.counters);
		})();
	}

	#saveTexts({ texts, firstIds }: Commit): void {
		const insert = this.#db.prepare('INSERT OR REPLACE INTO dictionary VALUES (?, ?, ?)');
		for (const kind of DICTIONARY_KINDS) {
			texts[kind].forEach((text, index) => insert.run(kind, firstIds[kind] + index, text));
		}
	}

	#saveGenerations(generations: readonly SavedGeneration[]): void {
		const insert = this.#db.prepare('INSERT OR REPLACE INTO generation VALUES (?, ?, ?)');
		for (const { id, source, data } of generations) {
			insert.run(id, source, data);
		}
	}

	#saveSegment(
		{ segment, memory, coverage, keepsText }: SegmentCommit,
		stored: Map<number, number>,
	): void {
		if (coverage === undefined && readSegment(this.#db, segment.id) === undefined) {
			return; // It left while its rows were read anew.
		}
		if (coverage !== undefined) {
			this.#db.prepare('DELETE FROM coverage WHERE segment = ?').run(segment.id);
			this.#cover(coverage);
		}
		const columns = viewColumns(memory.columns, memory.capacity);
		const blocks = filterCount(segment.rows);
		// SQLite takes no view of shared memory.
		const filter = Buffer.from(new Uint8Array(memory.filter, 0, blocks * FILTER_BYTES));
		this.#db
			.prepare('INSERT OR REPLACE INTO segment VALUES (?, ?, ?, ?, ?, ?)')
			.run(
				segment.id,
				segment.seq,
				formatSegment({ ...segment, isTextKept: keepsText }),
				Buffer.from(new Uint8Array(memory.odd, 0, blocks)),
				packColumns(columns, segment.rows, segment.textBytes),
				zstdCompressSync(filter, FAST),
			);
		if (keepsText && memory.text !== undefined) {
			const text = Buffer.from(new Uint8Array(memory.text, 0, segment.textBytes));
			const first = this.#textBlocks.get(segment.id) ?? 0;
			this.#saveBlocks(segment.id, first, compressText(text, first));
			stored.set(segment.id, Math.floor(segment.textBytes / TEXT_BLOCK_BYTES));
		}
	}

	/** Keeps the text of a stored segment, unless it has left or its text is another one by now. */
	#keepText({ segment, blocks }: KeptText): void {
		const stored = readSegment(this.#db, segment.id);
		if (stored?.textBytes === segment.textBytes && stored.hidden === segment.hidden) {
			this.#saveBlocks(stored.id, 0, blocks);
			this.#db
				.prepare('UPDATE segment SET meta = ? WHERE id = ?')
				.run(formatSegment({ ...stored, isTextKept: true }), stored.id);
		}
	}

	#saveBlocks(segment: number, first: number, blocks: readonly Uint8Array[]): void {
		const insert = this.#db.prepare('INSERT OR REPLACE INTO text VALUES (?, ?)');
		blocks.forEach((block, index) => insert.run(textKey(segment, first + index), block));
	}

	/** Makes one range of neighbours whose segments have left: they would become ever more. */
	#joinExpired(generation: number): void {
		const where = 'WHERE generation = ? AND segment IS NULL';
		const select = this.#db.prepare(`SELECT start, end FROM coverage ${where}`);
		const ranges = select.all(generation) as { start: number; end: number }[];
		const joined = new RangeSet(ranges).ranges;
		if (joined.length < ranges.length) {
			this.#db.prepare(`DELETE FROM coverage ${where}`).run(generation);
			this.#cover(joined.map((range) => ({ ...range, generation, segment: null })));
		}
	}

	/** Whether bytes without rows are stored: their commit is here, but its answer was lost. */
	#isCovered({ generation, start, end }: Coverage): boolean {
		return this.#db
			.prepare(
				'SELECT 1 FROM coverage WHERE generation = ? AND segment IS NULL AND start <= ? AND end >= ?',
			)
			.pluck()
			.all(generation, start, end)
			.includes(1);
	}

	#cover(coverage: readonly Coverage[]): void {
		const insert = this.#db.prepare('INSERT INTO coverage VALUES (?, ?, ?, ?)');
		for (const { generation, start, end, segment } of coverage) {
			insert.run(generation, start, end, segment);
		}
	}

	#saveCounters(counters: Counters): void {
		const insert = this.#db.prepare('INSERT OR REPLACE INTO counter VALUES (?, ?)');
		for (const [name, value] of Object.entries(counters)) {
			insert.run(name, value);
		}
	}
}

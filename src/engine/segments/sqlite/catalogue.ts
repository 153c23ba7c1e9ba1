import { AppError } from '#shared/errors.ts';
import { DICTIONARY_KINDS } from '../segment/dictionary.ts';
import type { DictionaryKind, DictionaryTexts } from '../segment/dictionary.ts';
import type { SavedGeneration } from '../segment/generation-record.ts';
import type { Range } from '../segment/range-set.ts';
import type { Segment, Span } from '../segment/segment.ts';
import { readForwards } from './forwards.ts';
import type { Forward } from './forwards.ts';
import { DatabaseDamaged } from './schema.ts';
import type { ReadonlyDatabase, WritableDatabase } from './schema.ts';

type AnyDatabase = ReadonlyDatabase | WritableDatabase;

/** Where the bytes of a log went. */
export interface Coverage extends Range {
	readonly generation: number;
	/** `null`: they were stored, and have left to keep within the bounds. */
	readonly segment: number | null;
}

/** Numbers that go on rising over restarts. */
export interface Counters {
	readonly next_seq: number;
	readonly next_segment: number;
	readonly next_generation: number;
	readonly appended: number;
	readonly dropped: number;
}

export const FIRST_COUNTERS: Counters = {
	next_seq: 1,
	next_segment: 1,
	next_generation: 1,
	appended: 0,
	dropped: 0,
};

/** Everything in the database but the columns, filters and texts. */
export interface Catalogue {
	/** In order of `seq`. */
	readonly segments: readonly Segment[];
	readonly generations: readonly SavedGeneration[];
	readonly coverage: readonly Coverage[];
	readonly texts: DictionaryTexts;
	readonly counters: Counters;
	readonly forwards: readonly Forward[];
}

/** Reads the catalogue in one moment of the database. */
export function readCatalogue(db: AnyDatabase): Catalogue {
	return db.transaction(() => ({
		segments: readSegments(db),
		generations: db.prepare('SELECT * FROM generation ORDER BY id').all() as SavedGeneration[],
		coverage: db.prepare('SELECT * FROM coverage ORDER BY generation, start').all() as Coverage[],
		texts: readTexts(db),
		counters: readCounters(db),
		forwards: readForwards(db),
	}))();
}

/** What is known of each segment, in order of `seq`. */
export function readSegments(db: AnyDatabase): Segment[] {
	const rows = db.prepare('SELECT id, seq, meta FROM segment ORDER BY seq').all() as {
		id: number;
		seq: number;
		meta: string;
	}[];
	return rows.map(({ id, seq, meta }) => parseSegment(id, seq, meta));
}

/** One segment; `undefined` if it has left. */
export function readSegment(db: AnyDatabase, id: number): Segment | undefined {
	const row = db.prepare('SELECT seq, meta FROM segment WHERE id = ?').get(id) as
		{ seq: number; meta: string } | undefined;
	return row === undefined ? undefined : parseSegment(id, row.seq, row.meta);
}

export function readTexts(db: AnyDatabase): DictionaryTexts {
	const texts: Record<DictionaryKind, string[]> = { level: [], logger: [], task: [] };
	const select = db.prepare('SELECT id, text FROM dictionary WHERE kind = ? ORDER BY id');
	for (const kind of DICTIONARY_KINDS) {
		for (const { id, text } of select.all(kind) as { id: number; text: string }[]) {
			texts[kind][id - 1] = text;
		}
	}
	return texts;
}

type SavedMeta = Omit<Segment, 'id' | 'seq' | 'spans'> & {
	readonly spans: readonly (readonly [number, number, number, number])[];
};

/** A segment as text for its `meta`. */
export function formatSegment(segment: Segment): string {
	const { id: _id, seq: _seq, spans, ...rest } = segment;
	const meta: SavedMeta = {
		...rest,
		spans: spans.map(({ row, generation, text, offset }) => [row, generation, text, offset]),
	};
	return JSON.stringify(meta);
}

function parseSegment(id: number, seq: number, meta: string): Segment {
	try {
		const { spans, ...rest } = JSON.parse(meta) as SavedMeta;
		return {
			id,
			seq,
			...rest,
			spans: spans.map(([row, generation, text, offset]): Span => {
				return { row, generation, text, offset };
			}),
		};
	} catch (error) {
		const cause = new DatabaseDamaged(`segment ${id}`, { cause: error });
		throw new AppError('storage-failed', `Segment ${id} of the log database is damaged.`, {
			cause,
		});
	}
}

function readCounters(db: AnyDatabase): Counters {
	const rows = db.prepare('SELECT name, value FROM counter').all() as {
		name: string;
		value: number;
	}[];
	return { ...FIRST_COUNTERS, ...Object.fromEntries(rows.map(({ name, value }) => [name, value])) };
}

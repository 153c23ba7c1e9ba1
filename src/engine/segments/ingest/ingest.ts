import { severityOf } from '#shared/model/level.ts';
import type { LogChunk, LogGap } from '../../log-sink.ts';
import { levelText } from '../segment/dictionary.ts';
import type { Range } from '../segment/range-set.ts';
import type { RowBuilder } from '../segment/row-builder.ts';
import type { Segment } from '../segment/segment.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import type { Counters } from '../sqlite/catalogue.ts';
import type { Unsaved } from './committer.ts';
import type { IngestContext } from './ingest-context.ts';
import { OpenSegment } from './open-segment.ts';
import { keepsText, OpenSegments } from './open-segments.ts';
import { RowAppender } from './row-appender.ts';

/** A segment of what is read live is saved and left when it has so many rows or bytes. */
const OPEN_ROWS = 8_192;
const OPEN_TEXT_BYTES = 4 * 1024 * 1024;
/** … when it gets no more than so many rows a commit, already with so many. */
const TRICKLE_ROWS = 64;
const SMALL_ROWS = 512;

/** Takes what is read in this thread: rows are in memory, and can be asked for, at once. */
export class Ingest {
	readonly #context: IngestContext;
	readonly #builder: RowBuilder;
	readonly #segments = new OpenSegments();
	/** All that is live, in the order of arrival. */
	readonly #live: RowAppender;
	/** Logs whose lines stand in places kept free for them. */
	readonly #histories = new Map<number, RowAppender>();
	#counters: Counters;
	#watermark: number;
	#revision = 0;

	constructor(
		context: IngestContext & { readonly counters: Counters; readonly builder: RowBuilder },
	) {
		this.#context = context;
		this.#builder = context.builder;
		this.#watermark = context.index.lastSeq;
		const { next_seq } = context.counters;
		this.#counters = { ...context.counters, next_seq: Math.max(next_seq, this.#watermark + 1) };
		this.#live = this.#appender((after) => Math.max(after, this.#counters.next_seq));
	}

	/** As they are saved: the rows of the open segment have their `seq` already. */
	get counters(): Counters {
		return this.#counters;
	}

	/** The highest `seq` that can be asked for. */
	get watermark(): number {
		return this.#watermark;
	}

	/** Rises whenever other than the newest entries came or went. */
	get revision(): number {
		return this.#revision;
	}

	/** Keeps places in the order of arrival free, after everything there is; the first one. */
	reserve(places: number): number {
		if (places === 0) {
			return this.#counters.next_seq;
		}
		this.#live.seal();
		const first = this.#counters.next_seq;
		this.#counters = { ...this.#counters, next_seq: first + places };
		return first;
	}

	/** The next number for a log, a segment. */
	next(kind: 'next_generation' | 'next_segment'): number {
		const next = this.#counters[kind];
		this.#counters = { ...this.#counters, [kind]: next + 1 };
		return next;
	}

	/**
	 * Appends the lines of a chunk as the newest entries, or in the places kept free for its log.
	 * Returns how many entries they are.
	 */
	append(generation: number, chunk: LogChunk, place: 'live' | 'history'): number {
		const { generations, feed, mapping } = this.#context;
		const record = generations.get(generation);
		const appender = place === 'live' ? this.#live : this.#historyOf(generation);
		const appended = appender.append(generation, chunk, {
			arrival: this.#context.now() * 1_000,
			mapping: mapping(record.source),
			state: record.state,
		});
		const end = chunk.offset + (chunk.length ?? chunk.bytes.length);
		generations.cover(generation, { start: chunk.offset, end }, appended.counts);
		generations.change(generation, {
			state: appended.state,
			used: generations.get(generation).used + (place === 'live' ? 0 : appended.rows),
			...(appended.format === undefined ? {} : { format: appended.format }),
		});
		const touched = new Set<SegmentWriter>(
			appended.extended === undefined ? [] : [appended.extended],
		);
		for (const { writer, range } of appended.parts) {
			touched.add(writer);
			this.#segments.get(writer.id)?.cover(generation, range);
		}
		if (appended.parts.length === 0) {
			this.#coverEmpty(generation, { start: chunk.offset, end }, appended.extended);
		}
		this.#count(appended.rows, place);
		for (const writer of touched) {
			this.#changed(writer);
		}
		if (touched.size === 0) {
			feed.generations();
		}
		this.#segments.forgetSealed();
		return appended.rows;
	}

	/** Shows what was lost, as the newest entry. */
	gap({ generation, message }: LogGap): void {
		const { dictionary, now } = this.#context;
		const level = levelText('WARNING', severityOf('WARNING'));
		const writer = this.#live.addGap(generation, {
			ts: now() * 1_000,
			level: dictionary.idOf('level', level),
			message,
		});
		this.#count(1, 'live');
		this.#changed(writer);
	}

	/** A segment that another thread has made. */
	addHistory(unsaved: Unsaved, segment: Segment): void {
		const { feed, committer, index } = this.#context;
		feed.segment(segment, unsaved.memory());
		index.set(segment);
		committer.add(unsaved, segment.rows, unsaved.memory().columns.byteLength);
		this.#context.spool.cameBehind(segment.seq, segment.rows);
		this.#count(segment.rows, 'history');
		this.#watermark = Math.max(this.#watermark, segment.seq + segment.rows - 1);
		this.#context.onChange();
	}

	/** Rows that were there have changed or left. `dropped`: so many left to keep within the bounds. */
	changed(dropped = 0): void {
		this.#revision++;
		this.#counters = { ...this.#counters, dropped: this.#counters.dropped + dropped };
		this.#context.onChange();
	}

	/** Whether a segment may still get rows. */
	isGrowing(id: number): boolean {
		return this.#segments.isGrowing(id);
	}

	/**
	 * Segments that are sealed get no more lines for their entries either: their rows leave, or are
	 * changed by others. What is still to come of an entry is one of its own.
	 */
	letGo(ids: readonly number[]): void {
		for (const id of ids) {
			this.#segments.delete(id);
			this.#live.forget(id);
		}
	}

	/**
	 * A source that trickles gets small segments: the open one is saved anew for every few lines.
	 * `saved`: rows that the last commit had.
	 */
	sealTrickle(saved: number): void {
		if (saved <= TRICKLE_ROWS && (this.#live.writer?.rows ?? 0) >= SMALL_ROWS) {
			this.#live.seal();
		}
	}

	/** What comes next is in other segments. */
	seal(): void {
		this.#live.seal();
		for (const generation of this.#histories.keys()) {
			this.sealHistory(generation);
		}
	}

	/** Nothing more comes in the places kept free for a log: its segment need not stay in memory. */
	sealHistory(generation: number): void {
		this.#histories.get(generation)?.seal();
		this.#histories.delete(generation);
	}

	/** Text is kept from now on: that of what is still in memory too. */
	keepTexts(): void {
		for (const segment of this.#segments.all()) {
			this.#context.committer.add(segment, 0, 0);
		}
	}

	/** Tells the query thread of the segments that are open, saved or not. */
	tellOpen(): void {
		for (const segment of this.#segments.all()) {
			this.#context.feed.segment(segment.segment(), segment.memory());
		}
	}

	#historyOf(generation: number): RowAppender {
		let appender = this.#histories.get(generation);
		if (appender === undefined) {
			appender = this.#appender((after) => this.#nextPlace(generation, after));
			this.#histories.set(generation, appender);
		}
		return appender;
	}

	/** The next of the places kept free for a log; of new ones when they are used up. */
	#nextPlace(generation: number, after: number): number {
		const { generations } = this.#context;
		const { base, reserved, used } = generations.get(generation);
		const next = Math.max(after, base + used);
		if (next + OPEN_ROWS <= base + reserved) {
			return next;
		}
		const places = 64 * OPEN_ROWS;
		const more = { base: this.reserve(places), reserved: places, used: 0 };
		generations.change(generation, more);
		return more.base;
	}

	#appender(nextSeq: (after: number) => number): RowAppender {
		const { dictionary } = this.#context;
		return new RowAppender(
			this.#builder,
			(after, rows) => {
				const writer = new SegmentWriter({
					id: this.next('next_segment'),
					seq: nextSeq(after),
					capacity: Math.max(OPEN_ROWS, rows),
					isFixed: true,
					textLimit: OPEN_TEXT_BYTES,
					dictionary,
				});
				const segment: OpenSegment = new OpenSegment(writer, () =>
					keepsText(segment, this.#context),
				);
				this.#segments.add(segment);
				return writer;
			},
			(writer) => this.#seal(writer),
		);
	}

	#seal(writer: SegmentWriter): void {
		const segment = this.#segments.get(writer.id);
		if (segment !== undefined) {
			segment.isSealed = true;
			if (writer === this.#live.writer) {
				this.#counters = { ...this.#counters, next_seq: writer.seq + writer.rows };
			}
			this.#context.committer.add(segment, 0, 0);
		}
	}

	#changed(writer: SegmentWriter): void {
		const open = this.#segments.get(writer.id);
		const { feed, index, committer } = this.#context;
		const before = index.segment(writer.id);
		const segment = { ...writer.segment(), isTextKept: before?.isTextKept ?? false };
		// One that was sealed may be known from the database only.
		const isNew = before === undefined || open?.isSealed === true;
		feed.segment(segment, isNew ? writer.memory() : undefined);
		index.set(segment);
		if (open !== undefined) {
			const rows = segment.rows - (before?.rows ?? 0);
			committer.add(open, rows, segment.textBytes - (before?.textBytes ?? 0));
		}
		this.#watermark = Math.max(this.#watermark, segment.seq + segment.rows - 1);
		this.#context.onChange();
	}

	#coverEmpty(generation: number, range: Range, extended: SegmentWriter | undefined): void {
		const segment = extended === undefined ? undefined : this.#segments.get(extended.id);
		if (segment === undefined) {
			this.#context.committer.addEmpty({ ...range, generation, segment: null });
		} else {
			segment.cover(generation, range);
		}
	}

	#count(rows: number, place: 'live' | 'history'): void {
		const { next_seq, appended } = this.#counters;
		const open = this.#live.writer;
		this.#counters = {
			...this.#counters,
			appended: appended + rows,
			next_seq: Math.max(next_seq, open === undefined ? 0 : open.seq + open.rows),
		};
		this.#revision += place === 'live' ? 0 : 1;
	}
}

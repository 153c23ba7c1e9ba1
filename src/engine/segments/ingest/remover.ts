import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#shared/errors.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import type { HistoryReader } from '../history/history-reader.ts';
import type { WriterApi } from '../sqlite/writer-api.ts';
import type { Ingest } from './ingest.ts';
import type { IngestContext } from './ingest-context.ts';
import { seqsOf } from '../segment/segment.ts';
import type { Segment } from '../segment/segment.ts';

/** Segments that leave at once: some milliseconds of work for the database. */
const STEP = 16;
const DAY_US = 86_400e6;
/** Age is counted in days: looking at it every minute will do. */
const AGE_CHECK_MS = 60_000;
/** How long to wait between two steps of giving disk space back. */
const SHRINK_PAUSE_MS = 20;

export interface RemoverOptions extends IngestContext {
	readonly ingest: Ingest;
	readonly history: HistoryReader;
	readonly writer: () => Client<WriterApi>;
}

/** Lets history leave: the oldest segments beyond the user's bounds, and sources that were closed. */
export class Remover {
	readonly #options: RemoverOptions;
	#isAtWork = false;
	/** Asked again while at work. */
	#isWanted = false;
	/** When ages were looked at last. */
	#lookedAt = -Infinity;

	constructor(options: RemoverOptions) {
		this.#options = options;
	}

	/**
	 * Drops the oldest segments until the bounds are kept; `used` are the bytes the database holds.
	 * Whole segments, because a segment costs as much to drop as a row: with less than one segment
	 * beyond the rows asked for, all stay. Never the one being filled.
	 */
	async keepWithin(used: number): Promise<void> {
		this.#isWanted = true;
		if (this.#isAtWork) {
			return;
		}
		this.#isAtWork = true;
		try {
			let left = used;
			while (this.#isWanted) {
				this.#isWanted = false;
				for (let excess = this.#excess(left); excess.length > 0; excess = this.#excess(left)) {
					const rows = excess.reduce((sum, segment) => sum + segment.rows - segment.hidden, 0);
					left = await this.#drop(excess, rows);
					this.#options.ingest.changed(rows);
				}
			}
		} catch {
			// The disk refuses: the next commit says so, and the one after it tries this again.
		} finally {
			this.#isAtWork = false;
		}
	}

	/** Forgets a source with all that was stored of it. Rejects with `storage-failed`. */
	async removeSource(source: number): Promise<void> {
		const { generations, ingest, history, index, feed, writer } = this.#options;
		await history.forget(source);
		ingest.seal();
		const ids = new Set(generations.of(source).map(({ id }) => id));
		const isOwn = ({ spans }: Segment) => spans.every(({ generation }) => ids.has(generation));
		const found = index.of(ids);
		// Others may have entries in them that go on: saved again, they would bring all rows back.
		ingest.letGo(found.map(({ id }) => id));
		await this.#saveAll();
		const own = found.filter(isOwn);
		for (let at = 0; at < own.length; at += STEP) {
			await this.#drop(own.slice(at, at + STEP));
			ingest.changed();
		}
		for (const { id } of found.filter((segment) => !isOwn(segment))) {
			await this.#hide(id, ids);
			ingest.changed();
		}
		await writer().remove({
			segments: [],
			generations: [...ids],
			counters: ingest.counters,
		});
		for (const id of ids) {
			generations.forget(id);
		}
		feed.forgotten([...ids]);
		ingest.changed();
		void this.#shrink();
	}

	/** Takes the rows of some logs out of a segment of several. */
	async #hide(id: number, generations: ReadonlySet<number>): Promise<void> {
		const { index, feed, committer, spool, writer } = this.#options;
		// Saved afterwards, what others have read anew of it would bring the rows back.
		while (committer.has(id)) {
			await this.#saveAll();
		}
		const before = index.segment(id);
		if (before === undefined) {
			return;
		}
		// A version of its own meanwhile, and another one then: nobody changes what is being changed.
		index.set({ ...before, version: before.version + 1 });
		const hidden = await writer().hide({ segment: id, generations: [...generations] });
		if (hidden !== undefined && index.segment(id) !== undefined) {
			const segment = { ...hidden, version: before.version + 2 };
			// None anew: a removal that was broken off goes on.
			const left = segment.hidden > before.hidden;
			spool.left(left ? seqsOf(before, (generation) => generations.has(generation)) : []);
			index.set(segment);
			feed.segment(segment);
		}
	}

	async #saveAll(): Promise<void> {
		const { committer } = this.#options;
		await committer.flush();
		if (committer.blocked !== undefined) {
			throw new AppError('storage-failed', committer.blocked);
		}
	}

	#excess(used: number): readonly Segment[] {
		const { index, policy, committer, ingest, spool, now } = this.#options;
		const { rows, bytes, days } = policy().retention;
		const isTooOld = days > 0 && now() - this.#lookedAt > AGE_CHECK_MS;
		if (!isTooOld && (rows === 0 || index.rows <= rows) && (bytes === 0 || used <= bytes)) {
			return [];
		}
		const oldest = isTooOld ? now() * 1_000 - days * DAY_US : -Infinity;
		const all = index.inOrder();
		const candidates = all
			.slice(0, -1)
			.filter(({ id }) => !committer.has(id) && !ingest.isGrowing(id))
			.filter((segment) => !spool.isWanted(segment, used));
		const isTooLarge = bytes > 0 && used > bytes;
		const perSegment = used / Math.max(all.length, 1);
		const tooMany = rows === 0 ? 0 : index.rows - rows;
		let dropped = 0;
		const excess = candidates.filter((segment, place) => {
			const isOver =
				segment.maxTs < oldest ||
				(tooMany > 0 && dropped + segment.rows <= tooMany) ||
				(isTooLarge && used - place * perSegment > bytes);
			// Past one that stays only what is too old leaves: the newest are those to be kept.
			dropped = isOver ? dropped + segment.rows : Infinity;
			return isOver;
		});
		if (isTooOld && excess.length <= STEP) {
			this.#lookedAt = now();
		}
		return excess.slice(0, STEP);
	}

	/** `dropped`: so many of their rows leave to keep within the bounds. */
	async #drop(segments: readonly Segment[], dropped = 0): Promise<number> {
		const { generations, index, feed, ingest, committer, spool, writer } = this.#options;
		ingest.letGo(segments.map(({ id }) => id));
		const { used } = await writer().remove({
			segments: segments.map(({ id }) => id),
			generations: [],
			counters: { ...ingest.counters, dropped: ingest.counters.dropped + dropped },
		});
		for (const segment of segments) {
			const { id } = segment;
			// The hidden ones are of logs that are not known any more.
			spool.left(seqsOf(segment, (generation) => generations.has(generation)));
			committer.drop(id);
			index.remove(id);
		}
		feed.removed(segments.map(({ id }) => id));
		return used;
	}

	/** Gives the disk space of what left back to the system, in small steps. */
	async #shrink(): Promise<void> {
		try {
			while (await this.#options.writer().shrink({})) {
				await delay(SHRINK_PAUSE_MS);
			}
		} catch {
			// Closing, or a full disk: the space is used again all the same.
		}
	}
}

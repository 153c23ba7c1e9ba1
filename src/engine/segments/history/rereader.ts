import type { Client } from '#shared/rpc/rpc.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { IngestContext } from '../ingest/ingest-context.ts';
import type { QueryApi } from '../query/query-api.ts';
import { viewColumns } from '../segment/columns.ts';
import { levelOfText } from '../segment/dictionary.ts';
import type { Segment } from '../segment/segment.ts';
import type { ScanPool, ScanThread } from './scan-pool.ts';

const WAIT_FOR_THREAD_MS = 10;

export interface RereaderOptions extends IngestContext {
	readonly ingest: Ingest;
	readonly query: () => Client<QueryApi>;
	readonly pool: ScanPool;
}

/** Reads stored entries of a source anew, segment by segment, the newest first. */
export class Rereader {
	readonly #options: RereaderOptions;
	readonly #atWork = new Map<number, number>();

	constructor(options: RereaderOptions) {
		this.#options = options;
	}

	isAtWork(source: number): boolean {
		return this.#atWork.has(source);
	}

	/** Resolves when all is read; a later call takes the place of an earlier one. */
	async reread(source: number): Promise<void> {
		const { index, generations, ingest, onChange } = this.#options;
		const turn = (this.#atWork.get(source) ?? 0) + 1;
		this.#atWork.set(source, turn);
		const ids = new Set(generations.of(source).map(({ id }) => id));
		// Those that grow were begun with the new mapping, and go on growing.
		const segments = index
			.of(ids)
			.filter(({ id }) => !ingest.isGrowing(id))
			.sort((a, b) => b.seq - a.seq);
		for (const { id } of segments) {
			const thread = await this.#thread();
			try {
				let isDone = false;
				while (!isDone && this.#atWork.get(source) === turn) {
					isDone = await this.#rereadSegment(thread, source, id, ids);
				}
			} finally {
				this.#options.pool.giveBack(thread);
			}
		}
		if (this.#atWork.get(source) === turn) {
			this.#atWork.delete(source);
		}
		onChange();
	}

	async #thread(): Promise<ScanThread> {
		for (;;) {
			const thread = this.#options.pool.take();
			if (thread !== undefined) {
				return thread;
			}
			await new Promise((resolve) => setTimeout(resolve, WAIT_FOR_THREAD_MS));
		}
	}

	/** False if it was changed by others meanwhile: then it is to be read once more. */
	async #rereadSegment(
		thread: ScanThread,
		source: number,
		id: number,
		generations: ReadonlySet<number>,
	): Promise<boolean> {
		const { index, query, dictionary, ingest, feed, mapping, committer } = this.#options;
		ingest.letGo([id]);
		// It is saved again without the bytes it was made of.
		await committer.untilSaved(id);
		const segment = index.segment(id);
		const memory = await query().readColumns({ segment: id });
		const text = await query().readText({ segment: id, start: 0, end: segment?.textBytes ?? 0 });
		if (segment === undefined || memory === undefined || text === undefined) {
			return true; // It has left, or its text is gone: what was read of it stays.
		}
		const severities = [0];
		for (let level = 1; level <= dictionary.count('level'); level++) {
			severities[level] = levelOfText(dictionary.text('level', level)).severity;
		}
		const result = await thread.api().reread({
			segment,
			memory,
			text,
			generations: [...generations],
			mapping: mapping(source),
			severities,
		});
		thread.ids.learn(result);
		const columns = viewColumns(result.memory.columns, result.memory.capacity);
		thread.ids.translate(columns, segment.rows, result.changed);
		if (index.segment(id)?.version !== segment.version) {
			return false;
		}
		this.#count(result.quarantined);
		// Its text may have been kept meanwhile.
		const isTextKept = () => index.segment(id)?.isTextKept ?? false;
		const changed: Segment = { ...result.segment, isTextKept: isTextKept() };
		index.set(changed);
		feed.segment(changed, result.memory);
		committer.add(
			{
				id,
				isSealed: true,
				get keepsText() {
					return isTextKept();
				},
				segment: () => changed,
				memory: () => result.memory,
				coverage: () => undefined,
			},
			segment.rows,
			result.memory.columns.byteLength,
		);
		ingest.changed();
		await committer.room();
		return true;
	}

	#count(quarantined: readonly (readonly [number, number])[]): void {
		const { generations } = this.#options;
		for (const [id, more] of quarantined) {
			const { counts } = generations.get(id);
			generations.change(id, {
				counts: {
					...counts,
					quarantined: counts.quarantined + more,
					entries: counts.entries - more,
				},
			});
		}
	}
}

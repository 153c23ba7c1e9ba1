import type { Client } from '#shared/rpc/rpc.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import type { QueryApi, QueryUpdate, SegmentUpdate } from '../query/query-api.ts';
import type { Dictionary, DictionaryCounts } from '../segment/dictionary.ts';
import { placeOf } from '../segment/generation-record.ts';
import type { Segment, SegmentMemory } from '../segment/segment.ts';
import type { Generations } from './generations.ts';

/**
 * Tells the query thread what has changed: what is told is in every answer asked for afterwards.
 * Rows themselves are not sent, they are in memory that both threads see.
 */
export class QueryFeed {
	readonly #api: () => Client<QueryApi>;
	readonly #dictionary: Dictionary;
	readonly #generations: Generations;
	#knownTexts: DictionaryCounts;
	#names: ReadonlyMap<number, string> = new Map();
	/** How many spans of a segment the thread knows, and which version of it. */
	readonly #spans = new Map<number, { count: number; version: number }>();

	constructor(api: () => Client<QueryApi>, dictionary: Dictionary, generations: Generations) {
		this.#api = api;
		this.#dictionary = dictionary;
		this.#generations = generations;
		this.#knownTexts = dictionary.counts();
	}

	/** A segment grew; `memory` is given when it is new. */
	segment(segment: Segment, memory?: SegmentMemory): void {
		const known = memory === undefined ? this.#spans.get(segment.id) : undefined;
		const spansFrom = known?.version === segment.version ? known.count : 0;
		this.#spans.set(segment.id, { count: segment.spans.length, version: segment.version });
		this.tell({
			segments: [
				{
					segment: { ...segment, spans: segment.spans.slice(spansFrom) },
					spansFrom,
					...(memory === undefined ? {} : { memory }),
				},
			],
		});
	}

	/** Segments that take no more rows are in the database: it alone has them from now on. */
	saved(segments: readonly Segment[]): void {
		for (const { id } of segments) {
			this.#spans.delete(id);
		}
		if (segments.length > 0) {
			this.tell({
				segments: segments.map((segment): SegmentUpdate => ({
					segment,
					spansFrom: 0,
					memory: 'saved',
				})),
			});
		}
	}

	removed(ids: readonly number[]): void {
		for (const id of ids) {
			this.#spans.delete(id);
		}
		this.tell({ removed: ids });
	}

	/** Logs of a source that was closed. */
	forgotten(ids: readonly number[]): void {
		this.tell({ forgotten: ids });
	}

	mapping(source: number, mapping: Mapping): void {
		this.tell({ mappings: [{ source, mapping }] });
	}

	/** The names of all sources there are. */
	sourceNames(names: ReadonlyMap<number, string>): void {
		this.#names = names;
		this.tell({ sources: names });
	}

	/** Where logs are by now. */
	generations(): void {
		this.tell({});
	}

	/** A new thread has taken the place of one that died: it knows what the database has. */
	forget(): void {
		this.#spans.clear();
		this.#knownTexts = { level: 0, logger: 0, task: 0 };
		for (const { id } of this.#generations.all()) {
			this.#generations.change(id, {});
		}
		this.tell({ sources: this.#names });
	}

	tell(update: QueryUpdate): void {
		const known = this.#knownTexts;
		const counts = this.#dictionary.counts();
		const hasTexts =
			counts.level > known.level || counts.logger > known.logger || counts.task > known.task;
		this.#knownTexts = counts;
		const moved = this.#generations.takeMoved();
		this.#api()
			.update({
				...update,
				...(hasTexts ? { texts: { texts: this.#dictionary.since(known), known } } : {}),
				...(moved.length === 0 ? {} : { generations: moved.map(placeOf) }),
			})
			.catch(() => {
				// What keeps the thread from opening the database is the answer to the next query.
			});
	}
}

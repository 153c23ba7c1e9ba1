import * as v from 'valibot';
import type { LogEntry } from '#shared/model/entry.ts';
import type { ExportRequest } from '#shared/model/export.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import type { Schemas } from '#shared/rpc/rpc.ts';
import type { PageQuery } from '../../active-storage.ts';
import type { DictionaryCounts, DictionaryTexts } from '../segment/dictionary.ts';
import type { ExportChunk } from '../../export-formats/export-chunk.ts';
import type { BatchQuery, EntryBatch } from './export/entry-batch.ts';
import type { GenerationPlace, Segment, SegmentMemory } from '../segment/segment.ts';

/** A segment that came or changed. */
export interface SegmentUpdate {
	/** Its spans are those from `spansFrom` on: the ones before have not changed. */
	readonly segment: Segment;
	readonly spansFrom: number;
	/** Given when it comes, and when its memory is another; `saved`: it is in the database by now. */
	readonly memory?: SegmentMemory | 'saved';
}

/** What has changed since the last update. Questions asked after it see all of it. */
export interface QueryUpdate {
	/** Texts that ids were given to, after those `known` before. */
	readonly texts?: { readonly texts: DictionaryTexts; readonly known: DictionaryCounts };
	readonly segments?: readonly SegmentUpdate[];
	readonly removed?: readonly number[];
	/** Logs of sources that were closed: their files are let go. */
	readonly forgotten?: readonly number[];
	readonly generations?: readonly GenerationPlace[];
	readonly mappings?: readonly { readonly source: number; readonly mapping: Mapping }[];
	/** The names of all sources there are, whenever they changed. */
	readonly sources?: ReadonlyMap<number, string>;
}

/** What the engine's main thread asks of the one that answers queries. */
export interface QueryApi {
	update(update: QueryUpdate): Promise<void>;
	query(query: PageQuery): Promise<Page>;
	count(query: CountQuery): Promise<Count>;
	shape(query: ShapeQuery): Promise<Shape>;
	places(query: PlacesQuery): Promise<Places>;
	getFields(params: Record<string, never>): Promise<FieldList>;
	getValues(query: ValuesQuery): Promise<ValueList>;
	get(params: { readonly seq: number }): Promise<LogEntry | undefined>;
	/** Begins an export under a number that the caller has chosen. */
	openExport(params: { readonly id: number; readonly request: ExportRequest }): Promise<void>;
	/** Its next piece; `undefined`: it is not known here, because the thread died meanwhile. */
	readExport(params: { readonly id: number }): Promise<ExportChunk | undefined>;
	/** Ends it, wherever it is. */
	closeExport(params: { readonly id: number }): Promise<void>;
	/** The next entries for a storage that is fed from here. */
	readBatch(query: BatchQuery): Promise<EntryBatch>;
	/** Bytes [start, end) of a segment's text; `undefined` if they are nowhere to be had. */
	readText(params: {
		readonly segment: number;
		readonly start: number;
		readonly end: number;
	}): Promise<Uint8Array | undefined>;
	/** The columns of a segment. */
	readColumns(params: { readonly segment: number }): Promise<SegmentMemory | undefined>;
}

// Both ends are ours and in one process: the table names the methods, the types check the rest.
const typed = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null);

export const querySchemas: Schemas<QueryApi> = {
	update: typed<QueryUpdate>(),
	query: typed<PageQuery>(),
	count: typed<CountQuery>(),
	shape: typed<ShapeQuery>(),
	places: typed<PlacesQuery>(),
	getFields: typed<Record<string, never>>(),
	getValues: typed<ValuesQuery>(),
	get: typed<{ readonly seq: number }>(),
	openExport: typed<{ readonly id: number; readonly request: ExportRequest }>(),
	readExport: typed<{ readonly id: number }>(),
	closeExport: typed<{ readonly id: number }>(),
	readBatch: typed<BatchQuery>(),
	readText: typed<{ readonly segment: number; readonly start: number; readonly end: number }>(),
	readColumns: typed<{ readonly segment: number }>(),
};

import * as v from 'valibot';
import type { Mapping } from '#shared/model/mapping.ts';
import type { Schemas } from '#shared/rpc/rpc.ts';
import type { DictionaryCounts, DictionaryTexts } from '../segment/dictionary.ts';
import type { LineCounts } from '../segment/line-counts.ts';
import type { GenerationPlace, Segment, SegmentMemory } from '../segment/segment.ts';

/** A slice of a log, from the beginning of an entry to that of another one. */
export interface SliceJob {
	readonly generation: GenerationPlace;
	/** Its file: a descriptor is the whole process's. */
	readonly fd: number;
	readonly start: number;
	readonly end: number;
	readonly mapping: Mapping | undefined;
	/** Microseconds since 1970. */
	readonly arrival: number;
}

/** Texts that a scan thread gave ids of its own to, after those it had `known` before. */
export interface ThreadTexts {
	readonly texts: DictionaryTexts;
	readonly known: DictionaryCounts;
}

/** A slice as a segment, still without `id` and `seq`, with the thread's own ids in its columns. */
export interface SliceResult extends ThreadTexts {
	readonly segment: Segment;
	readonly memory: SegmentMemory;
	readonly counts: LineCounts;
	readonly format: string | undefined;
}

/** Rows of some logs that are to be read anew from their text. */
export interface RereadJob {
	readonly segment: Segment;
	readonly memory: SegmentMemory;
	/** All of the segment's text. */
	readonly text: Uint8Array;
	readonly generations: readonly number[];
	readonly mapping: Mapping | undefined;
	/** Ids of the levels that rows of others have, by severity. */
	readonly severities: readonly number[];
}

export interface RereadResult extends ThreadTexts {
	readonly segment: Segment;
	readonly memory: SegmentMemory;
	/** Rows whose columns hold the thread's own ids: one byte each. */
	readonly changed: Uint8Array;
	/** By log: how many more rows are quarantined than before. */
	readonly quarantined: readonly (readonly [generation: number, more: number])[];
}

/** What is asked of a thread that reads history. `undefined`: the file no longer holds it. */
export interface ScanApi {
	scan(job: SliceJob): Promise<SliceResult | undefined>;
	reread(job: RereadJob): Promise<RereadResult>;
	/** The text of a segment, read from its logs' files and compressed in blocks. */
	compress(job: {
		readonly segment: Segment;
		readonly generations: readonly GenerationPlace[];
		/** Their files. */
		readonly files: ReadonlyMap<number, number>;
	}): Promise<readonly Uint8Array[] | undefined>;
}

// Both ends are ours and in one process: the table names the methods, the types check the rest.
const typed = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null);

export const scanSchemas: Schemas<ScanApi> = {
	scan: typed<SliceJob>(),
	reread: typed<RereadJob>(),
	compress: typed<{
		readonly segment: Segment;
		readonly generations: readonly GenerationPlace[];
		readonly files: ReadonlyMap<number, number>;
	}>(),
};

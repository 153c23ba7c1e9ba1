import type { Mapping } from '#shared/model/mapping.ts';
import type { Dictionary } from '../segment/dictionary.ts';
import type { StoragePolicy } from '../storage-options.ts';
import type { Committer } from './committer.ts';
import type { Generations } from './generations.ts';
import type { QueryFeed } from './query-feed.ts';
import type { SegmentIndex } from './segment-index.ts';
import type { Spool } from './spool.ts';

/** What the parts of the ingest share. */
export interface IngestContext {
	readonly generations: Generations;
	readonly index: SegmentIndex;
	readonly feed: QueryFeed;
	readonly committer: Committer;
	readonly dictionary: Dictionary;
	readonly spool: Spool;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	readonly onChange: () => void;
	readonly policy: () => StoragePolicy;
	readonly mapping: (source: number) => Mapping | undefined;
}

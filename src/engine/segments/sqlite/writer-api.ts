import * as v from 'valibot';
import type { Schemas } from '#shared/rpc/rpc.ts';
import type { Segment } from '../segment/segment.ts';
import type { Commit, Removal } from './commit.ts';
import type { Forward } from './forwards.ts';

/** What the engine's main thread asks of the one that writes. All reject with `storage-failed`. */
export interface WriterApi {
	/** Saves a commit, all or nothing. `used`: bytes of the database that hold something. */
	save(commit: Commit): Promise<{ readonly used: number }>;
	remove(removal: Removal): Promise<{ readonly used: number }>;
	/** Takes the rows of some logs out of a segment; what it is then. */
	hide(params: {
		readonly segment: number;
		readonly generations: readonly number[];
	}): Promise<Segment | undefined>;
	/** Remembers how far a storage has come. */
	saveForward(forward: Forward): Promise<void>;
	/** Gives disk space back that nothing uses, a little at a time; whether there is more. */
	shrink(params: Record<string, never>): Promise<boolean>;
}

// Both ends are ours and in one process: the table names the methods, the types check the rest.
const typed = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null);

export const writerSchemas: Schemas<WriterApi> = {
	save: typed<Commit>(),
	remove: typed<Removal>(),
	hide: typed<{ readonly segment: number; readonly generations: readonly number[] }>(),
	saveForward: typed<Forward>(),
	shrink: typed<Record<string, never>>(),
};

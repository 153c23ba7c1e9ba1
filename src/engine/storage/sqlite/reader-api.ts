import * as v from 'valibot';
import type { LogEntry } from '#shared/model/entry.ts';
import type { Count, CountQuery, Page } from '#shared/model/query.ts';
import type { Schemas } from '#shared/rpc/rpc.ts';
import type { StorageQuery } from '../log-storage.ts';

/** What the writer's thread asks of the reader's. */
export interface ReaderApi {
	query(query: StorageQuery): Promise<Page>;
	count(query: CountQuery): Promise<Count>;
	get(params: { readonly seq: number }): Promise<LogEntry | undefined>;
}

// Both ends are ours and in one process: the table names the methods, the types check the rest.
const typed = <T>() => v.custom<T>((value) => typeof value === 'object' && value !== null);

export const readerSchemas: Schemas<ReaderApi> = {
	query: typed<StorageQuery>(),
	count: typed<CountQuery>(),
	get: typed<{ readonly seq: number }>(),
};

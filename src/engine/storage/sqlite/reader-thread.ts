/** Entry of the reader thread: answers queries over its own read-only connection, one at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { openRpc } from '#shared/rpc/rpc.ts';
import { threadChannel } from '../../thread-channel.ts';
import { EntryReader } from './entry-reader.ts';
import type { ReaderApi } from './reader-api.ts';
import { readerSchemas } from './reader-api.ts';
import { explainStorageError } from './schema.ts';

const { path } = workerData as { readonly path: string };
if (parentPort === null) {
	throw new Error('The reader runs as a worker thread');
}

let reader: EntryReader | undefined;

/** Opened with the first query, so that a failure becomes that query's answer. */
function answer<T>(work: (reader: EntryReader) => T): T {
	try {
		reader ??= new EntryReader(path);
		return work(reader);
	} catch (error) {
		throw explainStorageError(error, path);
	}
}

const local: ReaderApi = {
	query: async (query) => answer((open) => open.query(query)),
	count: async (query) => answer((open) => open.count(query)),
	get: async ({ seq }) => answer((open) => open.get(seq)),
};

openRpc<object, ReaderApi>(threadChannel(parentPort), { serve: readerSchemas, local, call: {} });

/**
 * Entry of the writer thread: the only one that writes to the database, so that neither reading
 * logs nor answering waits for a disk.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { serveThread } from '../../threads/serve-thread.ts';
import { CommitWriter } from './commit.ts';
import { saveForward } from './forwards.ts';
import { hideRows } from './hide-rows.ts';
import { explainStorageError, openWritable, usedBytes } from './schema.ts';
import { writerSchemas } from './writer-api.ts';
import type { WriterApi } from './writer-api.ts';

const { path } = workerData as { readonly path: string };

/** Freed at a time: a step of some milliseconds. */
const SHRINK_PAGES = 1_000;

let db: ReturnType<typeof openWritable> | undefined;
let writer: CommitWriter | undefined;

/** Opened with the first call, so that a failure becomes that call's answer. */
function answer<T>(work: (db: ReturnType<typeof openWritable>, writer: CommitWriter) => T): T {
	try {
		db ??= openWritable(path);
		writer ??= new CommitWriter(db);
		return work(db, writer);
	} catch (error) {
		throw explainStorageError(error, path);
	}
}

const local: WriterApi = {
	save: async (commit) =>
		answer((open, writing) => {
			writing.save(commit);
			return { used: usedBytes(open) };
		}),
	remove: async (removal) =>
		answer((open, writing) => {
			writing.remove(removal);
			return { used: usedBytes(open) };
		}),
	hide: async ({ segment, generations }) =>
		answer((open) => hideRows(open, segment, new Set(generations))),
	saveForward: async (forward) => answer((open) => saveForward(open, forward)),
	shrink: async () =>
		answer((open) => {
			open.pragma(`incremental_vacuum(${SHRINK_PAGES})`);
			return Number(open.pragma('freelist_count', { simple: true })) > SHRINK_PAGES;
		}),
};

serveThread<WriterApi>(parentPort, writerSchemas, local);

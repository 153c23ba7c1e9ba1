/**
 * Entry of the query thread: answers queries over the segments, so that reading logs never waits
 * for a search nor a search for the reading.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { trimColumns } from '../segment/columns.ts';
import { warmUp } from '../segment/warm-up.ts';
import { serveThread } from '../../threads/serve-thread.ts';
import { explainStorageError, openReadonly } from '../sqlite/schema.ts';
import { Answers } from './answers.ts';
import { readBatch } from './export/entry-batch.ts';
import type { ExportCursor } from './export/export-cursor.ts';
import { querySchemas } from './query-api.ts';
import type { QueryApi } from './query-api.ts';
import { QueryState } from './query-state.ts';

const { path } = workerData as { readonly path: string };

warmUp();

let state: QueryState | undefined;
let answers: Answers | undefined;
const exports = new Map<number, ExportCursor>();

/** Opened with the first call, so that a failure becomes that call's answer. */
function answer<T>(work: (state: QueryState, answers: Answers) => T): T {
	try {
		state ??= new QueryState(openReadonly(path));
		answers ??= new Answers(state);
		return work(state, answers);
	} catch (error) {
		throw explainStorageError(error, path);
	}
}

const local: QueryApi = {
	update: async (update) =>
		answer((open, answers) => {
			open.update(update);
			answers.forget(update.removed ?? []);
		}),
	query: async (query) => answer((_, open) => open.query(query)),
	count: async (query) => answer((_, open) => open.count(query)),
	shape: async (query) => answer((_, open) => open.shape(query)),
	places: async (query) => answer((_, open) => open.places(query)),
	getFields: async () => answer((_, open) => open.getFields()),
	getValues: async (query) => answer((_, open) => open.getValues(query)),
	get: async ({ seq }) => answer((_, open) => open.get(seq)),
	openExport: async ({ id, request }) =>
		answer((_, open) => void exports.set(id, open.openExport(request))),
	readExport: async ({ id }) => answer(() => exports.get(id)?.read()),
	closeExport: async ({ id }) => void exports.delete(id),
	readBatch: async (query) => answer((open) => readBatch(open, query, () => performance.now())),
	readText: async ({ segment, start, end }) =>
		answer((open) => {
			const held = open.segments.byId(segment);
			return held === undefined ? undefined : open.texts.read(held, start, end);
		}),
	readColumns: async ({ segment }) =>
		answer((open) => {
			const held = open.segments.byId(segment);
			if (held === undefined) {
				return undefined;
			}
			const { columns, filter, odd } = open.segments.resident(held);
			return {
				columns: trimColumns(columns, held.segment.rows).buffer,
				capacity: held.segment.rows,
				filter: shared(filter),
				odd: shared(odd),
			};
		}),
};

function shared(bytes: Uint8Array): SharedArrayBuffer {
	const copy = new SharedArrayBuffer(bytes.length);
	new Uint8Array(copy).set(bytes);
	return copy;
}

serveThread<QueryApi>(parentPort, querySchemas, local);

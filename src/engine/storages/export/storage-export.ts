import type { ExportRequest } from '#shared/model/export.ts';
import { parseQuery } from '#shared/query/parse-query.ts';
import { needsOf } from '#shared/query/query-needs.ts';
import type { Filter } from '#shared/model/query.ts';
import { createWriter } from '../../export-formats/create-writer.ts';
import type { EntryWriter } from '../../export-formats/entry-writer.ts';
import { PIECE_BYTES, PIECE_MS } from '../../export-formats/export-chunk.ts';
import type { ExportChunk } from '../../export-formats/export-chunk.ts';
import { Output } from '../../export-formats/output.ts';
import type { StorageAnswers } from '../answers/storage-answers.ts';
import type { EntryWindow } from '../answers/entry-window.ts';
import type { LogStorage } from '../log-storage.ts';
import type { QueryableEntry } from '../queryable-entry.ts';
import { ExportFilter } from './export-filter.ts';
import { newestFirst, oldestFirst } from './export-pages.ts';
import { StoredInExport, StoredLines } from './stored-in-export.ts';

/** So many entries are written between two looks at the clock. */
const ENTRIES_PER_LOOK = 16;

/** What an export is made from. */
export interface StorageExportContext {
	readonly storage: LogStorage;
	readonly answers: StorageAnswers;
	readonly window: EntryWindow;
	/** The storage has more than the window. */
	readonly hasMore: boolean;
	/** About how many entries the storage has. */
	readonly size: number;
	readonly sources: ReadonlyMap<number, string>;
}

/**
 * Writes what a request selects of all that a storage has, piece by piece, in memory that does not
 * grow with it. What is asked of the entries before an entry (`is:late`, `is:repeat`) is known of
 * those in the window: of such a filter these are written, which are those the table shows.
 */
export class StorageExport {
	readonly #context: StorageExportContext;
	readonly #request: ExportRequest;
	readonly #writer: EntryWriter<StoredInExport>;
	readonly #out = new Output();
	readonly #pages: AsyncIterator<readonly QueryableEntry[]>;
	readonly #total: number;
	#page: readonly QueryableEntry[] = [];
	#index = 0;
	#rows = 0;
	#looked = 0;
	#gone = 0;
	#isBegun = false;
	#isDone = false;

	constructor(context: StorageExportContext, request: ExportRequest) {
		this.#context = context;
		this.#request = request;
		const { format, limit, rows } = request;
		this.#writer = format === 'original' ? new StoredLines() : createWriter(format, request);
		this.#total = rows?.length ?? (limit === 0 ? context.size : Math.min(limit, context.size));
		this.#pages = this.#createPages();
	}

	/** The next piece. It may be empty: then it has only looked for what comes next. */
	async read(): Promise<ExportChunk> {
		if (!this.#isBegun) {
			this.#isBegun = true;
			if (this.#request.head) {
				this.#writer.begin(this.#out);
			}
		}
		if (this.#index >= this.#page.length) {
			const next = await this.#pages.next();
			this.#page = next.done === true ? [] : next.value;
			this.#index = 0;
			this.#isDone = next.done === true;
		}
		const deadline = performance.now() + PIECE_MS;
		while (
			this.#index < this.#page.length &&
			this.#out.length < PIECE_BYTES &&
			performance.now() <= deadline
		) {
			this.#write(Math.min(this.#index + ENTRIES_PER_LOOK, this.#page.length));
		}
		return {
			bytes: this.#out.take(),
			rows: this.#rows,
			missing: this.#gone,
			fraction: this.#isDone ? 1 : Math.min(this.#looked / Math.max(this.#total, 1), 0.999),
			isDone: this.#isDone,
		};
	}

	#write(end: number): void {
		for (; this.#index < end && this.#out.length < PIECE_BYTES; this.#index++) {
			const entry = this.#page[this.#index];
			if (entry !== undefined) {
				this.#writer.write(new StoredInExport(entry, this.#context.sources), this.#out);
				this.#rows++;
			}
		}
	}

	async *#createPages(): AsyncGenerator<readonly QueryableEntry[]> {
		const { storage, window, hasMore, sources, answers } = this.#context;
		const { filter, order, limit, rows, first } = this.#request;
		const isRising = first === 'oldest';
		const listener = {
			onLooked: (entries: number) => {
				this.#looked += entries;
			},
			onGone: (entries: number) => {
				this.#gone += entries;
			},
		};
		if (rows !== undefined) {
			const chosen = await answers.chosen(rows, filter);
			const inOrder = chosen.sort((a, b) => (order === 'time' ? a.ts - b.ts : 0) || a.seq - b.seq);
			yield isRising ? inOrder : inOrder.toReversed();
		} else if (needsOthers(filter)) {
			yield* answers.selected(filter, { order, limit, isRising });
		} else {
			const own = new ExportFilter(filter, window, hasMore, sources);
			const wish = { storage, filter: own, order, limit };
			yield* isRising ? oldestFirst(wish, listener) : newestFirst(wish, listener);
		}
	}
}

/** Whether a filter is about what is known only from the entries before an entry. */
function needsOthers({ query, also }: Filter): boolean {
	return [query, also].some((text) => {
		const { late, repeat } = needsOf(parseQuery(text ?? '').root);
		return late || repeat;
	});
}

import type { ExportRequest } from '#shared/model/export.ts';
import type { CountedUnits } from '../kept/counted-units.ts';
import { unitEnd } from '../kept/counted-units.ts';
import { stretchesOf } from '../order/stretches.ts';
import type { TimeLists } from '../order/time-lists.ts';
import type { Search } from '../plan/searches.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment } from '../segment-set.ts';
import type { EntryWriter } from '../../../export-formats/entry-writer.ts';
import { OriginalLines } from './original-lines.ts';
import { createWriter } from '../../../export-formats/create-writer.ts';
import { PIECE_BYTES, PIECE_MS } from '../../../export-formats/export-chunk.ts';
import type { ExportChunk } from '../../../export-formats/export-chunk.ts';
import { Output } from '../../../export-formats/output.ts';
import { batchesByArrival, chosenRows, newestOf } from './row-batches.ts';
import type { BatchContext, RowBatch, RowBatches, RowPlace } from './row-batches.ts';
import { RowInExport } from './row-in-export.ts';
import { batchesByTime } from './time-batches.ts';

/** So many rows are written between two looks at the clock. */
const ROWS_PER_LOOK = 16;

/** What an export needs of all that answers questions. */
export interface ExportContext {
	readonly state: QueryState;
	readonly units: CountedUnits;
	readonly lists: TimeLists;
	readonly search: Search;
	/** Rises whenever something is found out that will be remembered. */
	readonly learned: () => number;
	readonly now: () => number;
}

/**
 * Writes what a request selects, piece by piece, in memory that does not grow with it. Which entries
 * these are is settled when it begins, but for those that leave the storage before they are reached.
 */
export class ExportCursor {
	readonly #context: ExportContext;
	readonly #request: ExportRequest;
	readonly #writer: EntryWriter<RowInExport>;
	readonly #row: RowInExport;
	readonly #out = new Output();
	readonly #batches: RowBatches;
	readonly #total: number;
	#batch: RowBatch | undefined;
	#index = 0;
	#rows = 0;
	#looked = 0;
	#gone = 0;
	#isBegun = false;
	#isDone = false;
	#isOver: () => boolean = () => false;
	#isIn: (place: RowPlace) => boolean = () => true;

	constructor(context: ExportContext, request: ExportRequest) {
		this.#context = context;
		this.#request = request;
		this.#row = new RowInExport(context.state);
		const { arrived_after, up_to } = request.filter;
		const stretches = stretchesOf(context.state.segments.inOrder, arrived_after, up_to);
		this.#total =
			request.rows?.length ?? stretches.reduce((sum, { from, to }) => sum + to - from, 0);
		this.#writer = this.#createWriter();
		this.#batches = this.#createBatches(stretches);
	}

	/** The next piece. It may be empty: then it has only looked for what comes next. */
	read(): ExportChunk {
		const { now, learned, units, search } = this.#context;
		// Other filters may have been asked for since.
		units.use(search);
		const deadline = now() + PIECE_MS;
		const before = learned();
		this.#isOver = () => now() > deadline && learned() > before;
		const out = this.#out;
		if (!this.#isBegun) {
			this.#isBegun = true;
			if (this.#request.head) {
				this.#writer.begin(out);
			}
		}
		while (!this.#isDone && out.length < PIECE_BYTES && now() <= deadline) {
			this.#step();
		}
		const { missing } = this.#writer;
		return {
			bytes: out.take(),
			rows: this.#rows - missing,
			missing: missing + this.#gone,
			fraction: this.#isDone ? 1 : Math.min(this.#looked / Math.max(this.#total, 1), 0.999),
			isDone: this.#isDone,
		};
	}

	#step(): void {
		const batch = this.#batch;
		if (this.#writer.mustFlush) {
			this.#writer.flush(this.#out);
		} else if (batch !== undefined && this.#index < batch.rows.length) {
			this.#writeRows(batch);
		} else {
			const next = this.#batches.next();
			this.#batch = next.value ?? undefined;
			this.#index = 0;
			if (this.#batch !== undefined) {
				const { held } = this.#batch;
				this.#row.begin(held, this.#context.state.segments.resident(held));
			}
			if (next.done === true) {
				this.#writer.flush(this.#out);
				this.#isDone = !this.#writer.mustFlush;
			}
		}
	}

	#writeRows({ rows }: RowBatch): void {
		const writer = this.#writer;
		const end = Math.min(this.#index + ROWS_PER_LOOK, rows.length);
		while (this.#index < end && !writer.mustFlush && this.#out.length < PIECE_BYTES) {
			this.#row.goTo(rows, this.#index++, writer.readsText);
			writer.write(this.#row, this.#out);
			this.#rows++;
		}
	}

	/** Whether any of the rows [from, to) of a segment is written. */
	#isSelected(held: HeldSegment, from: number, to: number): boolean {
		const { state, units, search } = this.#context;
		const { ts } = state.segments.resident(held).columns;
		const { arrived_after = -1, up_to = Infinity } = this.#request.filter;
		for (let start = from; start < to; start = unitEnd(start)) {
			const mask = units.mask(held, search, start, Math.min(unitEnd(start), to));
			for (let at = mask.indexOf(1); at !== -1; at = mask.indexOf(1, at + 1)) {
				const seq = held.segment.seq + start + at;
				const isInRange = seq > arrived_after && seq <= up_to;
				if (isInRange && this.#isIn({ seq, ts: ts[start + at] ?? 0 })) {
					return true;
				}
			}
		}
		return false;
	}

	#createWriter(): EntryWriter<RowInExport> {
		const { format } = this.#request;
		return format === 'original'
			? new OriginalLines(this.#context.state, (held, from, to) => this.#isSelected(held, from, to))
			: createWriter(format, this.#request);
	}

	*#createBatches(newestFirst: ReturnType<typeof stretchesOf>): RowBatches {
		const { lists } = this.#context;
		const { order, limit, rows, filter } = this.#request;
		const { up_to: upTo = Number.MAX_SAFE_INTEGER } = filter;
		const isRising = this.#request.first === 'oldest';
		const context: BatchContext = {
			...this.#context,
			isOver: () => this.#isOver(),
			onLooked: (entries) => {
				this.#looked += entries;
			},
			onGone: (entries) => {
				this.#gone += entries;
			},
			onCut: (isIn) => {
				this.#isIn = isIn;
			},
		};
		if (rows !== undefined) {
			yield* chosenRows(context, rows, { upTo, order, isRising });
		} else if (order === 'time') {
			yield* batchesByTime(context, lists, newestFirst, { limit, isRising });
		} else {
			const cut = limit === 0 ? newestFirst : yield* newestOf(context, newestFirst, limit);
			const inOrder = isRising ? cut.toReversed() : cut;
			yield* batchesByArrival(context, inOrder, isRising);
		}
	}
}

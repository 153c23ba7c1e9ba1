import type { SourceState } from '#shared/model/source.ts';
import type { RawLine } from '../pipeline/line-splitter.ts';

/** Where a source goes on: plain JSON, saved together with the lines before it. */
export type SourcePosition = Readonly<Record<string, unknown>>;

/** Complete lines of a source, in their order. */
export interface LineBatch {
	readonly lines: readonly RawLine[];
	/**
	 * - `first`: the newest lines of a log seen for the first time; `historyBytes` before them are
	 *   still to come, backwards
	 * - `next`: what was written after all lines so far
	 * - `history`: lines before all of this log's lines so far
	 */
	readonly place: 'first' | 'next' | 'history';
	readonly historyBytes: number;
	/** Where to go on once these lines are stored. */
	readonly position: SourcePosition;
}

/** How a source is doing; what the list of sources shows. */
export interface SourceProgress {
	readonly state: SourceState;
	readonly message?: string;
	readonly sizeBytes: number;
	readonly readBytes: number;
	readonly heldBytes: number;
}

/**
 * Where lines come from. The consumer stores each batch before it asks for the next one, which is
 * all the back-pressure there is.
 */
export interface Source {
	/** Reads on from a position, or from the beginning; ends when `signal` is aborted. */
	read(from: SourcePosition | undefined, signal: AbortSignal): AsyncIterable<LineBatch>;
}

import type { QueryEntry } from '#shared/query/entry-fields.ts';

/** An entry with what only a record of it needs. */
export interface WholeEntry extends QueryEntry {
	/** Its line or lines, as they stand in its log. */
	readonly raw: string;
	/** Why there is an `extra` that is not here. */
	readonly extraProblem?: string | undefined;
}

/** The entry that is written: each part of it is read when it is asked for. */
export interface ExportedEntry {
	/** Microseconds since 1970. */
	readonly ts: number;
	level(): { readonly level: string; readonly severity: number };
	logger(): string;
	task(): string | undefined;
	/** The names of sources by their ids. */
	readonly sources: ReadonlyMap<number, string>;
	/** Its source by its name. */
	sourceName(): string;
	/** `undefined`: its text is gone. */
	message(): string | undefined;
	/** Its traceback, if it has one. */
	exception(): string | undefined;
	/** Its line, without its end, if that is an AsyncZ record as it stands. */
	record(): Uint8Array | undefined;
	/** Whether its text can be had, for all that is asked of `entry`. */
	isThere(): boolean;
	entry(): WholeEntry;
}

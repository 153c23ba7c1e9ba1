import type { QueryEntry } from '#shared/query/entry-fields.ts';
import type { EntryDetails } from '../../../pipeline/details.ts';
import { recordExtra } from './record-extra.ts';
import type { RowTexts } from './row-text.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';

/** A test of one entry. */
export type QueryEntryTest = (entry: QueryEntry) => boolean;

type RowDetails = Pick<EntryDetails, 'extra' | 'extraProblem' | 'exception'>;

/**
 * A row as a test sees it: with all of its message, and each part read when it is first asked for,
 * because most tests need but one.
 */
export class RowEntry implements QueryEntry {
	readonly #texts: RowTexts;
	readonly #held: HeldSegment;
	readonly #resident: Resident;
	readonly #row: number;
	#level: { readonly level: string; readonly severity: number } | undefined;
	#message: string | undefined;
	#raw: string | undefined;
	#details: RowDetails | undefined;
	/** Asked for with each value that is in it. */
	#extra: { readonly text: string | undefined } | undefined;

	constructor(texts: RowTexts, held: HeldSegment, resident: Resident, row: number) {
		this.#texts = texts;
		this.#held = held;
		this.#resident = resident;
		this.#row = row;
	}

	get seq(): number {
		return this.#held.segment.seq + this.#row;
	}

	get ts(): number {
		return this.#resident.columns.ts[this.#row] ?? 0;
	}

	get level(): string {
		return this.#levels().level;
	}

	get severity(): number {
		return this.#levels().severity;
	}

	get logger(): string {
		return this.#texts.logger(this.#resident, this.#row);
	}

	get task_id(): string | undefined {
		return this.#texts.task(this.#resident, this.#row);
	}

	get source(): number {
		return this.#texts.source(this.#held, this.#row);
	}

	/** Not `textGone`: that is known when its text is read. */
	get flags(): number {
		return this.#texts.flags(this.#resident, this.#row);
	}

	get message(): string {
		return (this.#message ??= this.#texts.message(this.#held, this.#resident, this.#row) ?? '');
	}

	get raw(): string {
		return (this.#raw ??= this.#texts.raw(this.#held, this.#resident, this.#row) ?? '');
	}

	get extra(): string | undefined {
		this.#extra ??= { text: this.#readExtra() };
		return this.#extra.text;
	}

	/** Why there is an `extra` that is not here. */
	get extraProblem(): string | undefined {
		return this.#detailsOf().extraProblem;
	}

	get exception(): string | undefined {
		return this.#detailsOf().exception;
	}

	#readExtra(): string | undefined {
		const isRecord =
			this.#details === undefined && this.#texts.isRecord(this.#held, this.#resident, this.#row);
		const extra = isRecord ? recordExtra(this.raw) : undefined;
		return extra === undefined ? this.#detailsOf().extra : (extra ?? undefined);
	}

	#levels(): { readonly level: string; readonly severity: number } {
		return (this.#level ??= this.#texts.level(this.#resident, this.#row));
	}

	#detailsOf(): RowDetails {
		return (this.#details ??= this.#texts.details(this.#held, this.#resident, this.#row, this.raw));
	}
}

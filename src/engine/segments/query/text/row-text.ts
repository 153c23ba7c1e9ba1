import { EntryFlag, previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import { MAX_LINE_BYTES } from '../../../log-sink.ts';
import { readDetails } from '../../../pipeline/details.ts';
import type { EntryDetails } from '../../../pipeline/details.ts';
import type { DecodeContext } from '../../../pipeline/entry-decoder.ts';
import { MessageReader } from '../../../scan/message-reader.ts';
import { MUST_DECODE, RowFlag } from '../../segment/columns.ts';
import type { Columns } from '../../segment/columns.ts';
import { levelOfText } from '../../segment/dictionary.ts';
import type { Dictionary } from '../../segment/dictionary.ts';
import { decodeBytes, LINE_IS_CUT, textOfEntry } from '../../segment/decode-bytes.ts';
import { spanOf } from '../../segment/segment.ts';
import type { Segment } from '../../segment/segment.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';
import type { TextReader } from './text-reader.ts';

/** More of a plain message than this is not needed for a table's row. */
const PREVIEW_BYTES = 1_100;

/** Makes entries of rows: what the columns have, and what is read from the rows' text. */
export class RowTexts {
	readonly #dictionary: Dictionary;
	readonly #texts: TextReader;
	readonly #mappings: ReadonlyMap<number, Mapping>;
	readonly #messages = new MessageReader();

	/** The messages of the line decoded last: many rows may share it. */
	#shared:
		| {
				readonly key: string;
				readonly mapping: Mapping | undefined;
				readonly messages: readonly string[];
		  }
		| undefined;

	constructor(dictionary: Dictionary, texts: TextReader, mappings: ReadonlyMap<number, Mapping>) {
		this.#dictionary = dictionary;
		this.#texts = texts;
		this.#mappings = mappings;
	}

	/** A row as the table shows it. */
	row(held: HeldSegment, resident: Resident, row: number): EntryRow {
		const message = this.message(held, resident, row, PREVIEW_BYTES);
		const task = this.task(resident, row);
		return {
			seq: held.segment.seq + row,
			ts: resident.columns.ts[row] ?? 0,
			...this.level(resident, row),
			logger: this.logger(resident, row),
			...(task === undefined ? {} : { task_id: task }),
			message: previewOf(message ?? ''),
			source: this.source(held, row),
			flags: this.flags(resident, row) | (message === undefined ? EntryFlag.textGone : 0),
		};
	}

	level({ columns }: Resident, row: number): { readonly level: string; readonly severity: number } {
		return levelOfText(this.#dictionary.text('level', columns.level[row] ?? 0));
	}

	logger({ columns }: Resident, row: number): string {
		return this.#dictionary.text('logger', columns.logger[row] ?? 0);
	}

	task({ columns }: Resident, row: number): string | undefined {
		return this.#dictionary.text('task', columns.task[row] ?? 0) || undefined;
	}

	source({ segment }: HeldSegment, row: number): number {
		return this.#texts.generation(spanOf(segment, row)?.generation ?? 0)?.source ?? 0;
	}

	/** Without what only reading its text can tell. */
	flags({ columns }: Resident, row: number): number {
		return (columns.flags[row] ?? 0) & ~(RowFlag.hidden | RowFlag.composed);
	}

	/** Whether a row's line is an AsyncZ record with a plain message, as the scanner has found. */
	isRecord(held: HeldSegment, { columns }: Resident, row: number): boolean {
		const flags = (columns.flags[row] ?? 0) & ~RowFlag.hidden;
		return (
			flags === 0 &&
			columns.part[row] === 0 &&
			columns.messageLength[row] !== MUST_DECODE &&
			!this.#mappings.has(this.source(held, row))
		);
	}

	/** A row with everything there is to know of it. */
	entry(held: HeldSegment, resident: Resident, row: number): LogEntry {
		const { segment } = held;
		const { columns } = resident;
		const shown = this.row(held, resident, row);
		const head = headRow(columns, row);
		const span = spanOf(segment, head);
		const generation = this.#texts.generation(span?.generation ?? 0);
		const bytes = this.#bytes(held, columns, head);
		const raw = bytes === undefined ? '' : textOfEntry(bytes) + lateTextOf(segment, row);
		const context = this.#context(shown.source, shown.ts);
		const decoded =
			bytes === undefined || bytes.length === 0
				? undefined
				: decodeBytes(bytes, context).entries[columns.part[row] ?? 0];
		// Of a line that was cut as it was read, there is no more than its beginning.
		const isCut = (shown.flags & EntryFlag.cutLine) !== 0;
		const quarantine = isCut ? LINE_IS_CUT : decoded?.quarantine;
		return {
			...shown,
			...this.details(held, resident, row, raw),
			...(decoded === undefined ? {} : { message: decoded.message, format: decoded.format }),
			...(quarantine === undefined ? {} : { quarantine }),
			raw,
			file: generation?.place.path ?? '',
			offset: (span?.offset ?? 0) + textStart(columns, head) - (span?.text ?? 0),
		};
	}

	/** The line or lines of a row as they stand in its log; `undefined` if they are gone. */
	raw(held: HeldSegment, { columns }: Resident, row: number): string | undefined {
		const bytes = this.#bytes(held, columns, headRow(columns, row));
		return bytes === undefined ? undefined : textOfEntry(bytes) + lateTextOf(held.segment, row);
	}

	/** What is no column of the row whose lines are `raw`. */
	details(
		held: HeldSegment,
		resident: Resident,
		row: number,
		raw: string,
	): EntryDetails | Record<string, never> {
		const { columns } = resident;
		if (textLength(columns, row) === 0) {
			return {}; // a gap that is no line
		}
		const context = this.#context(this.source(held, row), columns.ts[row] ?? 0);
		return readDetails(raw, columns.part[row] ?? 0, context);
	}

	/** A row's message, of a plain one at most `limit` bytes; `undefined` if its text is gone. */
	message(
		held: HeldSegment,
		{ columns }: Resident,
		row: number,
		limit = Infinity,
	): string | undefined {
		if (((columns.flags[row] ?? 0) & EntryFlag.gap) !== 0 && textLength(columns, row) === 0) {
			return held.segment.gaps.find((gap) => gap.row === row)?.message ?? '';
		}
		const length = columns.messageLength[row] ?? MUST_DECODE;
		if (length !== MUST_DECODE) {
			const start = textStart(columns, row) + (columns.messageStart[row] ?? 0);
			const bytes = this.#texts.read(held, start, start + Math.min(length, limit));
			return bytes === undefined
				? undefined
				: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
		}
		const bytes = this.#bytes(held, columns, headRow(columns, row));
		return bytes === undefined ? undefined : this.messageOf(held, columns, row, bytes);
	}

	/** The message that stands in the bytes of a row. */
	messageOf(held: HeldSegment, columns: Columns, row: number, bytes: Uint8Array): string {
		const mapping = this.#mappings.get(this.source(held, row));
		// A longer line is read as far as it is read everywhere else.
		if (mapping === undefined && columns.part[row] === 0 && bytes.length <= MAX_LINE_BYTES) {
			const message = this.#messages.messageOf(bytes);
			if (message !== undefined) {
				return message;
			}
		}
		const { id, version } = held.segment;
		const key = `${id} ${version} ${headRow(columns, row)} ${bytes.length}`;
		if (this.#shared?.key !== key || this.#shared.mapping !== mapping) {
			const { entries } = decodeBytes(bytes, { arrival: 0, mapping });
			this.#shared = { key, mapping, messages: entries.map(({ message }) => message) };
		}
		return this.#shared.messages[columns.part[row] ?? 0] ?? '';
	}

	#context(source: number, arrival: number): DecodeContext {
		const mapping = this.#mappings.get(source);
		return { arrival, ...(mapping === undefined ? {} : { mapping }) };
	}

	#bytes(held: HeldSegment, columns: Columns, head: number): Uint8Array | undefined {
		const start = textStart(columns, head);
		return this.#texts.read(held, start, columns.end[head] ?? start);
	}
}

/** The row that has the text of a row: the first one of its line. */
export function headRow(columns: Columns, row: number): number {
	return row - (columns.part[row] ?? 0);
}

/** Where the text of a row begins in its segment's. */
export function textStart(columns: Columns, row: number): number {
	return row === 0 ? 0 : (columns.end[row - 1] ?? 0);
}

/** How many bytes the text of a row has. */
export function textLength(columns: Columns, row: number): number {
	const head = headRow(columns, row);
	return (columns.end[head] ?? 0) - textStart(columns, head);
}

/** The first of the rows [from, to) from which on they have no more than so many bytes, or one row. */
export function rowsWithin(columns: Columns, from: number, to: number, bytes: number): number {
	const end = columns.end[to - 1] ?? 0;
	let row = from;
	while (row < to - 1 && end - textStart(columns, row) > bytes) {
		row++;
	}
	return row;
}

/** The lines that came to a row when others stood behind it. */
function lateTextOf({ late }: Segment, row: number): string {
	return late
		.filter((part) => part.row === row)
		.map(({ text }) => `\n${text}`)
		.join('');
}

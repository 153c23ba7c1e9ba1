import { headRow, textStart } from '../text/row-text.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment } from '../segment-set.ts';
import type { EntryWriter } from '../../../export-formats/entry-writer.ts';
import { LinesBehind } from './lines-behind.ts';
import type { LogStretch } from './lines-behind.ts';
import type { Output } from '../../../export-formats/output.ts';
import type { RowInExport } from './row-in-export.ts';

/** So much is copied in one go. */
const COPY_BYTES = 512 * 1024;

const LF = 0x0a;

/** Text that is to be copied: [start, end) of a segment's. */
interface Waiting {
	readonly held: HeldSegment;
	readonly start: number;
	end: number;
	entries: number;
	/** What belongs to its last row and stands in the log only. */
	behind?: LogStretch | undefined;
	/** The same as far as it is remembered, where the log is gone. */
	late: string;
}

/**
 * The lines of entries as they stand in their logs, byte for byte. A line that holds several entries
 * is written once; a row that is no line, but says what was lost, is not written. Rows that stand
 * side by side are copied together.
 */
export class OriginalLines implements EntryWriter<RowInExport> {
	readonly readsText = false;
	missing = 0;
	readonly #state: QueryState;
	readonly #behind: LinesBehind;
	/** Whether an entry of the same line, at this row, is written too: then the line is its. */
	readonly #isWritten: (held: HeldSegment, from: number, to: number) => boolean;
	#waiting: Waiting | undefined;
	#rest: LogStretch | undefined;
	#lastLine: { readonly held: HeldSegment; readonly head: number } | undefined;
	#lastByte = LF;

	/** `isWritten`: whether any of the rows [from, to) of a segment is one of those that are written. */
	constructor(
		state: QueryState,
		isWritten: (held: HeldSegment, from: number, to: number) => boolean,
	) {
		this.#state = state;
		this.#behind = new LinesBehind(state.segments.inOrder);
		this.#isWritten = isWritten;
	}

	begin(): void {}

	write(row: RowInExport, out: Output): void {
		const { held, resident } = row;
		const { columns } = resident;
		const head = headRow(columns, row.row);
		if (row.isGap || this.#isKnown(held, head, row.row)) {
			return;
		}
		const start = textStart(columns, head);
		const end = columns.end[head] ?? start;
		let last = head;
		while (last + 1 < held.segment.rows && (columns.part[last + 1] ?? 0) > 0) {
			last++;
		}
		const waiting = this.#waiting;
		const isNext =
			waiting?.held === held && waiting.end === start && end - waiting.start <= COPY_BYTES;
		if (!isNext) {
			this.#copy(out);
		}
		const target: Waiting =
			isNext && waiting !== undefined ? waiting : { held, start, end, entries: 0, late: '' };
		target.end = end;
		target.entries++;
		this.#waiting = target;
		const behind = this.#behind.of(held.segment, last);
		if (behind !== undefined) {
			target.behind = behind;
			target.late = held.segment.late
				.filter((part) => part.row === head)
				.map(({ text }) => `${text}\n`)
				.join('');
			this.#copy(out);
		}
	}

	get mustFlush(): boolean {
		return this.#rest !== undefined;
	}

	flush(out: Output): void {
		this.#copy(out);
		const rest = this.#rest;
		if (rest === undefined) {
			return;
		}
		const start = rest.start + Math.min(rest.end - rest.start, COPY_BYTES);
		const isRead = this.#add(out, start - rest.start, (into) =>
			this.#state.texts.readLog(rest.generation, rest.start, into),
		);
		this.#rest = isRead && start < rest.end ? { ...rest, start } : undefined;
	}

	/** Whether the line of a row was written with another one of its entries, or will be. */
	#isKnown(held: HeldSegment, head: number, row: number): boolean {
		const isLast = this.#lastLine?.held === held && this.#lastLine.head === head;
		if (isLast || (row > head && this.#isWritten(held, head, row))) {
			return true;
		}
		this.#lastLine = { held, head };
		return false;
	}

	/** Copies what waits. */
	#copy(out: Output): void {
		const waiting = this.#waiting;
		this.#waiting = undefined;
		if (waiting === undefined) {
			return;
		}
		const { held, start, end, behind, late } = waiting;
		if (this.#lastByte !== LF) {
			this.#text(out, '\n');
		}
		const isRead = this.#add(out, end - start, (into) =>
			this.#state.texts.readInto(held, start, into),
		);
		if (!isRead) {
			this.missing += waiting.entries;
			return;
		}
		if (behind === undefined) {
			return;
		}
		if (this.#state.texts.hasLog(behind.generation)) {
			this.#rest = behind;
		} else if (late !== '') {
			this.#text(out, this.#lastByte === LF ? late : `\n${late}`);
		}
	}

	#add(out: Output, length: number, read: (into: Uint8Array) => boolean): boolean {
		return out.filled(length, (into) => {
			const isRead = read(into);
			this.#lastByte = isRead ? (into.at(-1) ?? this.#lastByte) : this.#lastByte;
			return isRead;
		});
	}

	#text(out: Output, text: string): void {
		out.text(text);
		this.#lastByte = LF;
	}
}

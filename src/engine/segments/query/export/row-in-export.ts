import { EntryFlag } from '#shared/model/entry.ts';
import type { ExportedEntry } from '../../../export-formats/exported-entry.ts';
import { LineStatus } from '../../../scan/scanner.ts';
import { createScanner } from '../../../scan/create-scanner.ts';
import { MUST_DECODE } from '../../segment/columns.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';
import { RowEntry } from '../text/row-entry.ts';
import { headRow, textStart } from '../text/row-text.ts';
import { TextWindow } from './text-window.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What stands in every record with an exception: parts of the keys that these are read from. */
const EXCEPTION_WORDS = /exc|trace|stack|err/;

/** So many texts the scanner keeps before it may forget them. */
const MAX_KNOWN_TEXTS = 10_000;

/** The row that is being written, one after the other: each part of it is read when it is asked for. */
export class RowInExport implements ExportedEntry {
	readonly state: QueryState;
	readonly #window: TextWindow;
	readonly #scanner = createScanner();
	#held: HeldSegment | undefined;
	#resident: Resident | undefined;
	row = 0;

	constructor(state: QueryState) {
		this.state = state;
		this.#window = new TextWindow(state.texts);
	}

	/** The rows that follow are these, in rising or falling order. */
	begin(held: HeldSegment, resident: Resident): void {
		this.#held = held;
		this.#resident = resident;
		this.#window.begin();
	}

	/** Goes to one of them; with `readsText` its text will be asked for. */
	goTo(rows: Uint32Array, index: number, readsText: boolean): void {
		this.row = rows[index] ?? 0;
		if (readsText) {
			this.#window.prepare(this.held, this.resident.columns, rows, index);
		}
	}

	get held(): HeldSegment {
		if (this.#held === undefined) {
			throw new Error('there is no row yet');
		}
		return this.#held;
	}

	get resident(): Resident {
		if (this.#resident === undefined) {
			throw new Error('there is no row yet');
		}
		return this.#resident;
	}

	get ts(): number {
		return this.resident.columns.ts[this.row] ?? 0;
	}

	/** Bits of `EntryFlag`. */
	get flags(): number {
		return this.state.rows.flags(this.resident, this.row);
	}

	get sources(): ReadonlyMap<number, string> {
		return this.state.sources;
	}

	level(): { readonly level: string; readonly severity: number } {
		return this.state.rows.level(this.resident, this.row);
	}

	logger(): string {
		return this.state.rows.logger(this.resident, this.row);
	}

	task(): string | undefined {
		return this.state.rows.task(this.resident, this.row);
	}

	sourceName(): string {
		return this.sources.get(this.state.rows.source(this.held, this.row)) ?? '';
	}

	isThere(): boolean {
		return this.isGap || this.bytes() !== undefined;
	}

	get isGap(): boolean {
		return (this.flags & EntryFlag.gap) !== 0;
	}

	/** The bytes of its lines, blank ones around them and all; `undefined` if they are gone. */
	bytes(): Uint8Array | undefined {
		const { columns } = this.resident;
		const head = headRow(columns, this.row);
		return this.#window.read(this.held, textStart(columns, head), columns.end[head] ?? 0);
	}

	/** Its line, without its end, if it is an AsyncZ record as it stands. */
	record(): Uint8Array | undefined {
		const { columns } = this.resident;
		const mayBe =
			this.flags === 0 && columns.part[this.row] === 0 && !this.state.isMapped(this.held, this.row);
		const bytes = mayBe ? this.bytes() : undefined;
		if (bytes === undefined) {
			return undefined;
		}
		const line = trimmed(bytes);
		const isSure = columns.messageLength[this.row] !== MUST_DECODE;
		return isSure || this.#scan(line) !== undefined ? line : undefined;
	}

	/** Its whole message; `undefined` if it is gone. */
	message(): string | undefined {
		const { columns } = this.resident;
		if (this.isGap) {
			return this.state.rows.message(this.held, this.resident, this.row);
		}
		const bytes = this.bytes();
		if (bytes === undefined) {
			return undefined;
		}
		const length = columns.messageLength[this.row] ?? MUST_DECODE;
		if (length !== MUST_DECODE) {
			const start = columns.messageStart[this.row] ?? 0;
			return bufferAt(bytes, start, start + length).toString('latin1');
		}
		return this.#codedMessage(bytes) ?? this.#decodedMessage(bytes);
	}

	/** Its traceback, if it has one. */
	exception(): string | undefined {
		const line = this.record();
		// An exception is looked for where its words are: most records need not be taken apart.
		const has =
			line === undefined || EXCEPTION_WORDS.test(bufferAt(line, 0, line.length).toString('latin1'));
		return has && !this.isGap ? this.entry().exception : undefined;
	}

	/** All of it, for what is not asked for above. */
	entry(): RowEntry {
		return new RowEntry(this.state.rows, this.held, this.resident, this.row);
	}

	/** The message of a record that has escapes in it: no more of the line has to be taken apart. */
	#codedMessage(bytes: Uint8Array): string | undefined {
		const mayBe = this.flags === 0 && !this.state.isMapped(this.held, this.row);
		const line = mayBe ? trimmed(bytes) : undefined;
		const place = line && this.#scan(line);
		if (line === undefined || place === undefined) {
			return undefined;
		}
		const text = bufferAt(line, place.start - 1, place.start + place.length + 1).toString();
		const message: unknown = JSON.parse(text);
		return String(message).toWellFormed();
	}

	#decodedMessage(bytes: Uint8Array): string {
		return this.state.rows.messageOf(this.held, this.resident.columns, this.row, bytes);
	}

	/** Where the message of a line stands, if the line is a record. */
	#scan(line: Uint8Array): { readonly start: number; readonly length: number } | undefined {
		const scanner = this.#scanner;
		if (scanner.textCount('task') + scanner.textCount('logger') > MAX_KNOWN_TEXTS) {
			scanner.forget();
		}
		scanner.input(line.length).set(line);
		const { count, status, messageStart, messageLength } = scanner.scan(line.length);
		return count === 1 && status[0] !== LineStatus.other
			? { start: messageStart[0] ?? 0, length: messageLength[0] ?? 0 }
			: undefined;
	}
}

/** Without the line ends around it. */
export function trimmed(bytes: Uint8Array): Uint8Array {
	let start = 0;
	let end = bytes.length;
	while (start < end && isLineEnd(bytes[start])) {
		start++;
	}
	while (end > start && isLineEnd(bytes[end - 1])) {
		end--;
	}
	return bytes.subarray(start, end);
}

function isLineEnd(byte: number | undefined): boolean {
	return byte === LF || byte === CR;
}

function bufferAt(bytes: Uint8Array, start: number, end: number): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
}

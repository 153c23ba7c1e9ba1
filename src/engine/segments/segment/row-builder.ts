import { EntryFlag } from '#shared/model/entry.ts';
import type { DecodedEntry } from '../../pipeline/entry-decoder.ts';
import { follow, stateAfter } from '../../pipeline/join-lines.ts';
import type { JoinState } from '../../pipeline/join-lines.ts';
import { LineStatus } from '../../scan/scanner.ts';
import type { LineScanner, ScannedLines } from '../../scan/scanner.ts';
import { MUST_DECODE, RowFlag } from './columns.ts';
import type { Columns } from './columns.ts';
import { MAX_LINE_BYTES } from '../../log-sink.ts';
import { bufferOf, decodeBytes, standsIn } from './decode-bytes.ts';
import type { DecodeOptions } from './decode-bytes.ts';
import { levelText } from './dictionary.ts';
import type { Dictionary } from './dictionary.ts';
import { GrowingColumns } from './growing-columns.ts';
import { KnownTexts } from './known-texts.ts';
import { NO_COUNTS } from './line-counts.ts';
import type { LineCounts } from './line-counts.ts';

export interface BuildContext extends DecodeOptions {
	/** Where the lines before these have left off; `fresh` at the beginning of an entry. */
	readonly state: JoinState;
	/** The bytes are the beginning of a line that is too long to be read wholly. */
	readonly isCut?: boolean;
}

/** Rows made of some bytes. Good until the builder is used again. */
export interface BuiltRows {
	/** `end` counts from the beginning of the bytes. */
	readonly columns: Columns;
	readonly count: number;
	/** So many bytes at the beginning go on with the entry before them. */
	readonly before: number;
	readonly state: JoinState;
	readonly counts: LineCounts;
	/** The format of the entry read last. */
	readonly format: string | undefined;
}

const LF = 0x0a;
const CR = 0x0d;

/** Makes rows of bytes: scans them, joins lines to entries, decodes what the scanner does not know. */
export class RowBuilder {
	readonly scanner: LineScanner;
	readonly #dictionary: Dictionary;
	readonly #known: KnownTexts;
	readonly #rows = new GrowingColumns();
	#input: Uint8Array = new Uint8Array(0);
	#context: BuildContext = { arrival: 0, state: 'fresh' };
	#state: JoinState = 'fresh';
	/** The entry whose lines are being gathered: bytes [#start, #end), lines so far. */
	#start = -1;
	#end = 0;
	#headEnd = 0;
	#isContinued = false;
	#counts = { ...NO_COUNTS };
	#format: string | undefined;

	constructor(scanner: LineScanner, dictionary: Dictionary) {
		this.scanner = scanner;
		this.#dictionary = dictionary;
		this.#known = new KnownTexts(scanner, dictionary);
	}

	/** A place for bytes that are to become rows. */
	input(length: number): Uint8Array {
		this.#input = this.scanner.input(length);
		return this.#input;
	}

	/** Makes rows of the first `length` bytes of the input: whole lines, the last one maybe without LF. */
	build(length: number, context: BuildContext): BuiltRows {
		this.#context = context;
		this.#state = context.state;
		this.#start = -1;
		this.#format = undefined;
		this.#counts = { ...NO_COUNTS };
		this.#rows.clear();
		this.#known.refresh();
		const lines = this.scanner.scan(length);
		this.#counts.lines = lines.count;
		this.#rows.reserve(lines.count);
		/** Bytes up to here go on with the entry before these lines. */
		let before = 0;
		/** Blank bytes before the first entry of a log belong to it. */
		let pending = 0;
		for (let line = 0; line < lines.count; line++) {
			const from = lines.starts[line] ?? 0;
			const to = lines.starts[line + 1] ?? length;
			const isRecord = lines.status[line] !== LineStatus.other && context.mapping === undefined;
			// A longer one is read as the line it is everywhere else: cut.
			if (isRecord && to - from <= MAX_LINE_BYTES) {
				this.#closeGroup();
				this.#pushRecord(lines, line, pending === 0 ? from : before, to);
				this.#state = 'none';
				pending = 0;
				continue;
			}
			const text = this.#text(from, this.#lineEnd(from, to));
			const isBlank = text.trim() === '';
			// A blank line belongs to what is before it, but for those that a log begins with.
			const isLeading = isBlank && this.#state === 'fresh';
			const next = follow(text, this.#state) ?? (isBlank && !isLeading ? 'none' : undefined);
			if (next === undefined && !isBlank) {
				this.#closeGroup();
				this.#start = pending === 0 ? from : before;
				this.#end = to;
				this.#headEnd = to;
				this.#isContinued = false;
				this.#state = stateAfter(text);
				pending = 0;
				continue;
			}
			this.#counts.joined++;
			if (next === undefined) {
				pending += to - from;
				continue;
			}
			this.#state = next;
			if (this.#start !== -1) {
				this.#end = to;
				this.#isContinued ||= !isBlank;
			} else if (this.#rows.count > 0) {
				this.#rows.extendLast(to, isBlank ? 0 : EntryFlag.continued);
			} else {
				before = to;
			}
		}
		this.#closeGroup();
		return {
			columns: this.#rows.columns,
			count: this.#rows.count,
			before: this.#rows.count === 0 ? length : before,
			state: this.#state,
			counts: this.#counts,
			format: this.#format,
		};
	}

	#pushRecord(lines: ScannedLines, line: number, from: number, to: number): void {
		const known = this.#known;
		const lead = (lines.starts[line] ?? 0) - from;
		const start = (lines.messageStart[line] ?? 0) + lead;
		const messageLength = lines.messageLength[line] ?? 0;
		const isPlain =
			lines.status[line] === LineStatus.record &&
			start < MUST_DECODE &&
			messageLength < MUST_DECODE;
		this.#rows.push({
			ts: lines.ts[line] ?? 0,
			end: to,
			logger: known.idOf('logger', lines.logger[line] ?? 0),
			task: known.idOf('task', lines.task[line] ?? 0),
			level: known.idOf('level', lines.level[line] ?? 0),
			part: 0,
			flags: 0,
			messageStart: isPlain ? start : MUST_DECODE,
			messageLength: isPlain ? messageLength : MUST_DECODE,
		});
		this.#counts.entries++;
		this.#format = 'AsyncZ';
	}

	#closeGroup(): void {
		if (this.#start === -1) {
			return;
		}
		const from = this.#start;
		this.#start = -1;
		const bytes = this.#input.subarray(from, this.#end);
		const { entries, text } = decodeBytes(bytes, this.#context);
		this.#counts.extra += entries.length - 1;
		const cut = this.#context.isCut === true ? EntryFlag.cutLine | EntryFlag.quarantined : 0;
		for (const [part, entry] of entries.entries()) {
			const isFirst = part === 0;
			const isPlain = isFirst && isPlainMessage(entry, bytes, this.#headEnd - from);
			this.#rows.push({
				ts: entry.ts,
				end: this.#end,
				logger: this.#dictionary.idOf('logger', entry.logger),
				task: this.#dictionary.idOf('task', entry.task_id ?? ''),
				level: this.#dictionary.idOf('level', levelText(entry.level, entry.severity)),
				part,
				flags:
					entry.flags |
					cut |
					(this.#isContinued ? EntryFlag.continued : 0) |
					(standsIn(entry.message, text) ? 0 : RowFlag.composed),
				messageStart: isPlain ? 0 : MUST_DECODE,
				messageLength: isPlain ? entry.message.length : MUST_DECODE,
			});
			this.#format = entry.format;
			this.#counts.gaps += (entry.flags & EntryFlag.gap) === 0 ? 0 : 1;
			if (((entry.flags | cut) & EntryFlag.quarantined) === 0) {
				this.#counts.entries++;
			} else {
				this.#counts.quarantined++;
			}
		}
	}

	/** Where a line's text ends: before its LF, and a CR before that. */
	#lineEnd(from: number, to: number): number {
		let end = this.#input[to - 1] === LF ? to - 1 : to;
		end = end > from && this.#input[end - 1] === CR ? end - 1 : end;
		return Math.min(end, from + MAX_LINE_BYTES);
	}

	#text(from: number, to: number): string {
		return bufferOf(this.#input.subarray(from, to)).toString('utf8');
	}
}

/** A message that stands in the bytes as it is, at their beginning: a line of plain ASCII text. */
function isPlainMessage(entry: DecodedEntry, bytes: Uint8Array, headLength: number): boolean {
	const { message } = entry;
	return (
		(entry.flags & EntryFlag.plainText) !== 0 &&
		message.length < MUST_DECODE &&
		message.length <= headLength &&
		message.charCodeAt(0) === bytes[0] &&
		/^[\u0001-\u007f]*$/.test(message) &&
		bufferOf(bytes.subarray(0, message.length)).toString('latin1') === message
	);
}

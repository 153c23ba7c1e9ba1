import { EntryFlag } from '#shared/model/entry.ts';
import { mayContain } from '../../../scan/grams.ts';
import { MUST_DECODE, RowFlag } from '../../segment/columns.ts';
import { FILTER_ROWS } from '../../segment/segment.ts';
import type { LoadedText, TextStretch } from './loaded-text.ts';
import type { TextSearch } from '../plan/plan.ts';
import { RowStretches } from './row-stretches.ts';
import { headRow, textStart } from './row-text.ts';
import type { RowTexts } from './row-text.ts';
import { filterOf } from '../segment-set.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';

/** In a mask: a row that is still to be looked at. */
const ASKED = 2;

/** So much text is searched at once: between being read and searched it stays in the cache. */
const SEARCHED_BYTES = 512 * 1024;

/** Rows [from, to) of a segment, and which of them are asked for: `mask[row - base]` is 1. */
interface Rows {
	readonly held: HeldSegment;
	readonly resident: Resident;
	readonly from: number;
	readonly to: number;
	readonly base: number;
	readonly mask: Uint8Array;
}

/** Finds which rows' messages contain a text: filter first, then bytes, then the few to decode. */
export class TextSearcher {
	readonly #text: LoadedText;
	readonly #rows: RowTexts;
	/** Rows whose message stands in their line as it is, and lines of others. */
	readonly #plain = new RowStretches();
	readonly #lines = new RowStretches();

	constructor(text: LoadedText, rows: RowTexts) {
		this.#text = text;
		this.#rows = rows;
	}

	/** Takes the rows [from, to) out of `mask` that are in it and whose message lacks the text. */
	mask(
		held: HeldSegment,
		resident: Resident,
		search: TextSearch,
		from: number,
		to: number,
		mask: Uint8Array,
	): void {
		// Neighbouring blocks are read at once.
		let first = -1;
		for (let row = from; row < to;) {
			const block = Math.floor(row / FILTER_ROWS);
			const end = Math.min((block + 1) * FILTER_ROWS, to);
			const canMatch =
				resident.odd[block] === 1 ||
				search.grams === undefined ||
				mayContain(filterOf(resident, block), search.grams);
			if (canMatch) {
				first = first === -1 ? row : first;
			} else {
				mask.fill(0, row - from, end - from);
			}
			if (first !== -1 && (!canMatch || end === to)) {
				const stop = canMatch ? end : row;
				this.#search({ held, resident, from: first, to: stop, base: from, mask }, search);
				first = -1;
			}
			row = end;
		}
	}

	#search(rows: Rows, search: TextSearch): void {
		const { held, mask, base } = rows;
		const { columns } = rows.resident;
		const first = mask.indexOf(1, rows.from - base);
		if (first === -1 || first >= rows.to - base) {
			return;
		}
		const from = first + base;
		const to = mask.lastIndexOf(1, rows.to - base - 1) + base + 1;
		const textFrom = textStart(columns, headRow(columns, from));
		const textTo = columns.end[to - 1] ?? textFrom;
		if (textTo - textFrom > SEARCHED_BYTES && to - from > 1) {
			const middle = (from + to) >>> 1;
			this.#search({ ...rows, from, to: middle }, search);
			this.#search({ ...rows, from: middle, to }, search);
			return;
		}
		const stretch = this.#text.load(held, textFrom, textTo);
		if (stretch === undefined) {
			this.#searchOneByOne({ ...rows, from, to }, search);
		} else {
			this.#searchBytes({ ...rows, from, to }, search, stretch);
		}
	}

	/** Searches rows whose text is in a stretch: first those whose message stands there as it is. */
	#searchBytes(rows: Rows, search: TextSearch, stretch: TextStretch): void {
		const { from, to, base, mask } = rows;
		const { end, messageStart, messageLength, part } = rows.resident.columns;
		const plain = this.#plain;
		plain.clear(to - from);
		const { rows: plainRows, places } = plain;
		let count = 0;
		let mustDecode = false;
		let before = textStart(rows.resident.columns, from) - stretch.start;
		const { length } = stretch.bytes;
		// Written out, because each row goes through this for each word that is searched.
		for (let row = from; row < to; row++) {
			const start = before + (messageStart[row] ?? 0);
			before = (end[row] ?? 0) - stretch.start;
			if (mask[row - base] === 1) {
				const size = messageLength[row] ?? MUST_DECODE;
				const isPlain = size !== MUST_DECODE;
				mask[row - base] = isPlain ? 0 : ASKED;
				mustDecode ||= !isPlain;
				if (isPlain && part[row] === 0) {
					plainRows[count] = row;
					places[count * 2] = start;
					places[count * 2 + 1] = Math.min(start + size, length);
					count++;
				}
			}
		}
		plain.count = count;
		if (search.bytes !== undefined) {
			const found = plain.find(this.#text, search.bytes);
			for (let index = 0; index < count; index++) {
				mask[(plainRows[index] ?? 0) - base] = found[index] ?? 0;
			}
		}
		if (mustDecode) {
			this.#searchDecoded(rows, search, stretch);
		}
	}

	/** The same with those that have to be decoded, if their line has what it must have then. */
	#searchDecoded(rows: Rows, search: TextSearch, stretch: TextStretch): void {
		const { from, to, base, mask, resident } = rows;
		const { columns, odd } = resident;
		const lines = this.#lines;
		lines.clear(to - from);
		const part = mask.subarray(from - base, to - base);
		for (let at = part.indexOf(ASKED); at !== -1; at = part.indexOf(ASKED, at + 1)) {
			const row = from + at;
			const flags = columns.flags[row] ?? 0;
			const isSure =
				(flags & (RowFlag.composed | EntryFlag.gap)) === 0 &&
				odd[Math.floor(row / FILTER_ROWS)] === 0;
			if (isSure && search.run !== undefined) {
				const head = headRow(columns, row);
				const start = textStart(columns, head);
				lines.add(row, stretch, start, columns.end[head] ?? start);
			} else {
				mask[row - base] = search.isBound || this.#isDecoded(rows, row, search, stretch) ? 1 : 0;
			}
		}
		const found = search.run === undefined ? undefined : lines.find(this.#text, search.run);
		for (let index = 0; index < lines.count; index++) {
			const row = lines.rows[index] ?? 0;
			const isMatch =
				found?.[index] === 1 && (search.isBound || this.#isDecoded(rows, row, search, stretch));
			mask[row - base] = isMatch ? 1 : 0;
		}
	}

	/** Whether the message of a row, once it is decoded, contains the text. */
	#isDecoded(
		{ held, resident }: Rows,
		row: number,
		{ needle }: TextSearch,
		{ bytes, start: textFrom }: TextStretch,
	): boolean {
		const { columns } = resident;
		const head = headRow(columns, row);
		const start = textStart(columns, head);
		const end = columns.end[head] ?? start;
		const isGap = ((columns.flags[row] ?? 0) & EntryFlag.gap) !== 0;
		const message = isGap
			? this.#rows.message(held, resident, row)
			: this.#rows.messageOf(held, columns, row, bytes.subarray(start - textFrom, end - textFrom));
		return message?.toLowerCase().includes(needle) === true;
	}

	/** The text of some of these rows is not to be had at once: they are read each on its own. */
	#searchOneByOne(
		{ held, resident, from, to, base, mask }: Rows,
		{ needle, isBound }: TextSearch,
	): void {
		for (let row = from; row < to; row++) {
			if (mask[row - base] === 1 && !isBound) {
				const message = this.#rows.message(held, resident, row);
				mask[row - base] = message?.toLowerCase().includes(needle) === true ? 1 : 0;
			}
		}
	}
}

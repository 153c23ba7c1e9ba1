import { EntryFlag } from '#shared/model/entry.ts';
import { mayContain } from '../../../scan/grams.ts';
import { MUST_DECODE, RowFlag } from '../../segment/columns.ts';
import { FILTER_ROWS } from '../../segment/segment.ts';
import { MAX_LOADED_BYTES, placesIn } from './loaded-text.ts';
import type { LoadedText, TextStretch } from './loaded-text.ts';
import type { TextSearch } from '../plan/plan.ts';
import { headRow, textStart } from './row-text.ts';
import type { RowTexts } from './row-text.ts';
import { filterOf } from '../segment-set.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';

/** In a mask: a row that is still to be looked at. */
const ASKED = 2;

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
		if (textTo - textFrom > MAX_LOADED_BYTES && to - from > 1) {
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

	/** Searches rows whose text is in a stretch. */
	#searchBytes(rows: Rows, search: TextSearch, stretch: TextStretch): void {
		const { from, to, base, mask } = rows;
		const { messageLength } = rows.resident.columns;
		let mustDecode = false;
		for (let row = from; row < to; row++) {
			if (mask[row - base] === 1) {
				mask[row - base] = ASKED;
				mustDecode ||= messageLength[row] === MUST_DECODE;
			}
		}
		if (search.bytes !== undefined) {
			this.#markPlain(rows, search.bytes, stretch);
		}
		if (mustDecode) {
			this.#markDecoded(rows, search, stretch);
		}
		for (let row = from; row < to; row++) {
			if (mask[row - base] === ASKED) {
				mask[row - base] = 0;
			}
		}
	}

	/** Marks the plain rows in whose message a needle stands. */
	#markPlain(
		{ from, to, base, mask, resident }: Rows,
		needle: Uint8Array,
		stretch: TextStretch,
	): void {
		const { end, messageStart, messageLength, part } = resident.columns;
		const places = this.#text.find(stretch, needle);
		let row = from;
		for (const found of places) {
			const place = found + stretch.start;
			while (row < to && (end[row] ?? 0) <= place) {
				row++;
			}
			if (row >= to) {
				return;
			}
			const size = messageLength[row] ?? MUST_DECODE;
			if (mask[row - base] === ASKED && size !== MUST_DECODE && part[row] === 0) {
				const start = (row === 0 ? 0 : (end[row - 1] ?? 0)) + (messageStart[row] ?? 0);
				if (place >= start && place + needle.length <= start + size) {
					mask[row - base] = 1;
				}
			}
		}
	}

	/** Marks those of the other rows whose message, once it is decoded, contains the text. */
	#markDecoded(rows: Rows, search: TextSearch, stretch: TextStretch): void {
		const { held, from, to, base, mask, resident } = rows;
		const { columns, odd } = resident;
		const { bytes, start: textFrom } = stretch;
		const run = search.run === undefined ? undefined : this.#text.find(stretch, search.run);
		const isFound = run === undefined ? () => true : placesIn(run, textFrom);
		for (let row = from; row < to; row++) {
			if (mask[row - base] !== ASKED || columns.messageLength[row] !== MUST_DECODE) {
				continue;
			}
			const flags = columns.flags[row] ?? 0;
			const head = headRow(columns, row);
			const start = textStart(columns, head);
			const end = columns.end[head] ?? start;
			const isGap = (flags & EntryFlag.gap) !== 0;
			const isSure = (flags & RowFlag.composed) === 0 && odd[Math.floor(row / FILTER_ROWS)] === 0;
			if (isGap || !isSure || isFound(start, end)) {
				const message = isGap
					? this.#rows.message(held, resident, row)
					: this.#rows.messageOf(
							held,
							columns,
							row,
							bytes.subarray(start - textFrom, end - textFrom),
						);
				mask[row - base] = message?.toLowerCase().includes(search.needle) === true ? 1 : 0;
			}
		}
	}

	/** The text of some of these rows is not to be had at once: they are read each on its own. */
	#searchOneByOne({ held, resident, from, to, base, mask }: Rows, { needle }: TextSearch): void {
		for (let row = from; row < to; row++) {
			if (mask[row - base] === 1) {
				const message = this.#rows.message(held, resident, row);
				mask[row - base] = message?.toLowerCase().includes(needle) === true ? 1 : 0;
			}
		}
	}
}

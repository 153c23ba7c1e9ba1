import { mayContain } from '../../scan/grams.ts';
import type { LineScanner } from '../../scan/scanner.ts';
import { MUST_DECODE, RowFlag } from '../segment/columns.ts';
import type { Columns } from '../segment/columns.ts';
import { EntryFlag } from '#shared/model/entry.ts';
import { FILTER_ROWS } from '../segment/segment.ts';
import type { TextSearch } from './compile-search.ts';
import { headRow, textStart } from './row-text.ts';
import type { RowTexts } from './row-text.ts';
import { filterOf } from './segment-set.ts';
import type { HeldSegment, Resident } from './segment-set.ts';
import type { TextReader } from './text-reader.ts';

/** So much text is searched at once: what the scanner takes. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

/** Finds which rows' messages contain a text: filter first, then bytes, then the few to decode. */
export class TextSearcher {
	readonly #scanner: LineScanner;
	readonly #texts: TextReader;
	readonly #rows: RowTexts;

	constructor(scanner: LineScanner, texts: TextReader, rows: RowTexts) {
		this.#scanner = scanner;
		this.#texts = texts;
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
		let first = -1;
		let last = -1;
		const flush = () => {
			if (first !== -1) {
				this.#maskBlocks(held, resident, search, first, last, from, mask);
			}
			first = -1;
		};
		for (let row = from; row < to;) {
			const block = Math.floor(row / FILTER_ROWS);
			const end = Math.min((block + 1) * FILTER_ROWS, to);
			const isOdd = resident.odd[block] === 1;
			const canMatch =
				isOdd || search.grams === undefined || mayContain(filterOf(resident, block), search.grams);
			if (!canMatch) {
				mask.fill(0, row - from, end - from);
				flush();
			} else {
				first = first === -1 ? row : first;
				last = end;
			}
			row = end;
		}
		flush();
	}

	/** Rows [first, last): neighbouring blocks, read at once. */
	#maskBlocks(
		held: HeldSegment,
		resident: Resident,
		search: TextSearch,
		first: number,
		last: number,
		from: number,
		mask: Uint8Array,
	): void {
		const start1 = mask.indexOf(1, first - from);
		const end1 = mask.lastIndexOf(1, last - from - 1);
		if (start1 === -1 || start1 >= last - from) {
			return;
		}
		const { columns } = resident;
		const begin = from + start1;
		const end = from + end1 + 1;
		const textFrom = textStart(columns, headRow(columns, begin));
		const textTo = columns.end[end - 1] ?? textFrom;
		if (textTo - textFrom > MAX_READ_BYTES && end - begin > 1) {
			const middle = (begin + end) >>> 1;
			this.#maskBlocks(held, resident, search, begin, middle, from, mask);
			this.#maskBlocks(held, resident, search, middle, end, from, mask);
			return;
		}
		const bytes =
			textTo - textFrom > MAX_READ_BYTES ? undefined : this.#texts.read(held, textFrom, textTo);
		if (bytes === undefined) {
			this.#maskOneByOne(held, resident, search, begin, end, from, mask);
			return;
		}
		const input = this.#scanner.input(bytes.length);
		input.set(bytes);
		const isFound = this.#finder(bytes.length, search.bytes, textFrom);
		const sameRun = search.run !== undefined && search.bytes?.length === search.run.length;
		const hasRun = sameRun ? isFound : this.#finder(bytes.length, search.run, textFrom);
		for (let row = begin; row < end; row++) {
			if (mask[row - from] === 1) {
				const head = headRow(columns, row);
				const start = textStart(columns, head);
				const stop = columns.end[head] ?? start;
				mask[row - from] = this.#matches(held, columns, row, search, {
					isFound,
					hasRun,
					isOdd: resident.odd[Math.floor(row / FILTER_ROWS)] === 1,
					start,
					bytes: () => bytes.subarray(start - textFrom, stop - textFrom),
					stop,
				})
					? 1
					: 0;
			}
		}
	}

	#matches(
		held: HeldSegment,
		columns: Columns,
		row: number,
		search: TextSearch,
		text: {
			readonly isFound: (start: number, end: number) => boolean;
			readonly hasRun: (start: number, end: number) => boolean;
			readonly isOdd: boolean;
			readonly start: number;
			readonly stop: number;
			readonly bytes: () => Uint8Array;
		},
	): boolean {
		const flags = columns.flags[row] ?? 0;
		const length = columns.messageLength[row] ?? MUST_DECODE;
		if ((flags & EntryFlag.gap) !== 0) {
			const gap = held.segment.gaps.find((candidate) => candidate.row === row);
			return gap?.message.toLowerCase().includes(search.needle) ?? false;
		}
		if (length !== MUST_DECODE) {
			const from = text.start + (columns.messageStart[row] ?? 0);
			return search.bytes !== undefined && text.isFound(from, from + length);
		}
		const mustDecode = text.isOdd || search.run === undefined || (flags & RowFlag.composed) !== 0;
		if (!mustDecode && !text.hasRun(text.start, text.stop)) {
			return false;
		}
		return this.#rows
			.messageOf(held, columns, row, text.bytes())
			.toLowerCase()
			.includes(search.needle);
	}

	/** The text of some of these rows is not to be had: those of the others still are. */
	#maskOneByOne(
		held: HeldSegment,
		resident: Resident,
		{ needle }: TextSearch,
		begin: number,
		end: number,
		from: number,
		mask: Uint8Array,
	): void {
		for (let row = begin; row < end; row++) {
			if (mask[row - from] === 1) {
				const message = this.#rows.message(held, resident, row);
				mask[row - from] = message?.toLowerCase().includes(needle) === true ? 1 : 0;
			}
		}
	}

	/**
	 * Finds a text in the scanner's input; tells whether it stands wholly in a part of it, of parts
	 * asked for in rising order. Places are counted from `base`.
	 */
	#finder(
		length: number,
		needle: Uint8Array | undefined,
		base: number,
	): (start: number, end: number) => boolean {
		const places = needle === undefined ? undefined : this.#scanner.find(length, needle).slice();
		if (needle === undefined || places === undefined) {
			return () => false;
		}
		let next = 0;
		return (start, end) => {
			while (next < places.length && (places[next] ?? 0) + base < start) {
				next++;
			}
			const place = places[next];
			return place !== undefined && place + base + needle.length <= end;
		};
	}
}

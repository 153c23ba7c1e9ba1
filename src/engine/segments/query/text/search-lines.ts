import { EntryFlag } from '#shared/model/entry.ts';
import { mayContain } from '../../../scan/grams.ts';
import type { Columns } from '../../segment/columns.ts';
import { FILTER_ROWS } from '../../segment/segment.ts';
import type { LoadedText } from './loaded-text.ts';
import type { AskedRows } from '../plan/match-rows.ts';
import type { Literal } from '../plan/plan.ts';
import { headRow, textStart } from './row-text.ts';
import { RowStretches } from './row-stretches.ts';
import { filterOf } from '../segment-set.ts';

/** In a mask: a row that is still to be looked at. */
const ASKED = 2;

/**
 * Takes out the rows whose text has none of some literals as bytes. Rows stay in of which the bytes
 * say nothing: those of odd blocks, those whose text is not at hand, and those of several lines,
 * which Docker may have cut in the middle of a word.
 */
export class LineSearcher {
	readonly #text: LoadedText;
	readonly #lines = new RowStretches();

	constructor(text: LoadedText) {
		this.#text = text;
	}

	keep(literals: readonly Literal[], rows: AskedRows): void {
		const { resident, from, to, mask } = rows;
		for (let row = from; row < to;) {
			const block = Math.floor(row / FILTER_ROWS);
			const end = Math.min((block + 1) * FILTER_ROWS, to);
			if (resident.odd[block] !== 1) {
				const mayHave = literals.some(
					({ grams }) => grams === undefined || mayContain(filterOf(resident, block), grams),
				);
				const part = { ...rows, from: row, to: end, mask: mask.subarray(row - from, end - from) };
				if (mayHave) {
					this.#search(literals, part);
				} else {
					keepContinued(resident.columns, part, 1);
				}
			}
			row = end;
		}
	}

	#search(literals: readonly Literal[], rows: AskedRows): void {
		const { held, resident, from, to, mask } = rows;
		const { columns } = resident;
		const first = mask.indexOf(1);
		if (first === -1) {
			return;
		}
		const textFrom = textStart(columns, headRow(columns, from + first));
		const stretch = this.#text.load(held, textFrom, columns.end[to - 1] ?? textFrom);
		if (stretch === undefined) {
			return;
		}
		for (let at = first; at < to - from; at++) {
			mask[at] = mask[at] === 1 ? ASKED : 0;
		}
		for (const { bytes } of literals) {
			const lines = this.#lines;
			lines.clear(to - from);
			for (let row = from + first; row < to; row++) {
				if (mask[row - from] === ASKED) {
					const head = headRow(columns, row);
					const start = textStart(columns, head);
					lines.add(row, stretch, start, columns.end[head] ?? start);
				}
			}
			const found = lines.find(this.#text, bytes);
			for (let index = 0; index < lines.count; index++) {
				mask[(lines.rows[index] ?? 0) - from] = found[index] === 1 ? 1 : ASKED;
			}
		}
		keepContinued(columns, rows, ASKED);
	}
}

/** Of the rows with this mark only those stay in that are of several lines. */
function keepContinued({ flags }: Columns, { from, to, mask }: AskedRows, mark: number): void {
	for (let row = from; row < to; row++) {
		if (mask[row - from] === mark) {
			mask[row - from] = ((flags[row] ?? 0) & EntryFlag.continued) === 0 ? 0 : 1;
		}
	}
}

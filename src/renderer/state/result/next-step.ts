import type { EntryRow } from '#shared/model/entry.ts';
import type { EntryPlace, ResultQuestions } from './result-questions.ts';
import { PAGE_ROWS } from './row-pages.ts';
import type { RankRange } from './row-pages.ts';

/** What a result has taken in. */
export interface Taken {
	/** The newest `seq`. */
	readonly upTo: number;
	/** Entries since its first snapshot. */
	readonly added: number;
}

/** What a step forward has to know of who looks at the result, as it is at any moment. */
export interface StepView {
	/** How many rows at the top are looked at; 0: the reader is elsewhere; `undefined`: give it up. */
	edgeRows(): number | undefined;
	/** The ranks that are looked at. */
	range(): RankRange;
	/** Rows that are to be found again, the one that must not move first. */
	held(): readonly EntryRow[];
	/** The step is made: a row that was held has a rank that is so much less. */
	moved(shiftOf: (row: EntryPlace | undefined) => number): void;
}

/** Entries that are to be taken in, and where they stand. */
export interface Step {
	readonly matched: number;
	readonly errors: number;
	/** Rows that will be looked at, from this rank on. */
	readonly start: number;
	readonly rows: readonly EntryRow[];
	/** Ranks up to this one have other rows than before; not there if those are new ranks only. */
	readonly mixedTo?: number;
	/** How much less the ranks of held rows will be, by `seq`. */
	readonly shifts: ReadonlyMap<number, number>;
}

/**
 * Finds out what came up to `seq`: how many entries, where they stand, and the rows that will be
 * looked at. In order of arrival all of them stand at the top. In order of time some may stand
 * further down: rows below the lowest of them keep their ranks, all others have to be asked for anew.
 * `undefined` if it was given up.
 */
export async function prepareStep(
	questions: ResultQuestions,
	{ upTo, added }: Taken,
	seq: number,
	view: StepView,
): Promise<Step | undefined> {
	const { filter } = questions.question;
	const count = await questions.countFully({ ...filter, after: upTo, up_to: seq });
	if (count === undefined) {
		return undefined;
	}
	const { matched, errors } = count;
	const total = added + matched;
	let end = matched;
	if (matched > 0 && questions.order === 'time') {
		const [lowest] =
			(await questions.pageFully({
				arrived_after: upTo,
				up_to: seq,
				limit: 1,
				offset: matched - 1,
			})) ?? [];
		const place = lowest && (await questions.countAbove(lowest, seq));
		if (place === undefined) {
			return undefined;
		}
		end = place + 1;
	}
	const isMixed = end > matched;
	for (;;) {
		const edgeRows = view.edgeRows();
		const held = isMixed ? view.held() : [];
		if (edgeRows === undefined) {
			return undefined;
		}
		const shifts = new Map<number, number>();
		for (const row of held) {
			const above = await questions.countAbove(row, seq, { after: upTo });
			shifts.set(row.seq, matched - (above ?? 0));
		}
		const places = isMixed
			? placesSeen(view.range(), edgeRows, end, total - (shifts.get(held[0]?.seq ?? -1) ?? 0))
			: { start: 0, end: Math.min(edgeRows, end) };
		const limit = Math.min(places.end - places.start, PAGE_ROWS);
		const page = { up_to: seq, limit, offset: places.start };
		const rows = limit > 0 ? await questions.pageFully(page) : [];
		const now = view.edgeRows();
		if (rows === undefined || now === undefined) {
			return undefined;
		}
		const isSame = !isMixed || view.held().every((row) => shifts.has(row.seq));
		if (isSame && (!isMixed || now > 0 === edgeRows > 0)) {
			const start = places.start - total;
			return {
				matched,
				errors,
				start,
				rows,
				shifts,
				...(isMixed ? { mixedTo: end - 1 - total } : {}),
			};
		}
	}
}

/** Of the first `end` places, which are new, those that will be looked at. */
function placesSeen(range: RankRange, edgeRows: number, end: number, above: number): RankRange {
	if (edgeRows > 0) {
		return { start: 0, end: end <= PAGE_ROWS ? end : edgeRows };
	}
	const start = Math.max(range.start + above, 0);
	return { start, end: Math.min(range.end + above, end) };
}

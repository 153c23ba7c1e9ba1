import { EntryFlag } from '#shared/model/entry.ts';
import { recordExtra } from '#shared/format/record-json.ts';
import type { NewEntry } from '../../../storages/log-storage.ts';
import { spanOf } from '../../segment/segment.ts';
import { stretchesOf } from '../order/stretches.ts';
import type { QueryState } from '../query-state.ts';
import type { HeldSegment, Resident } from '../segment-set.ts';
import { recordExtra as extraOfLine } from '../text/record-extra.ts';
import { headRow, textStart } from '../text/row-text.ts';
import { RowInExport } from './row-in-export.ts';

/** Time that one batch takes, so that questions are answered in between. */
const BATCH_MS = 25;

/** So many rows are read between two looks at the clock. */
const ROWS_PER_LOOK = 64;

/** About how many characters the entries of a batch have. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** As many as a storage takes at once. */
const BATCH_ENTRIES = 10_000;

/** Entries in order of arrival, as they are handed to a storage. */
export interface EntryBatch {
	/** Each with its `seq`, which is what it is known by where it goes. */
	readonly entries: readonly SentEntry[];
	/** There are no others up to and with this `seq`. */
	readonly upTo: number;
	/** Entries among them whose lines are nowhere to be had any more. */
	readonly gone: number;
	/** The logs they are of, and where the text of the last one of each ends in it. */
	readonly ends: LogEnds;
}

/** Bytes of logs, by the numbers of these. */
export type LogEnds = readonly (readonly [generation: number, end: number])[];

/** Which entries are asked for. */
export interface BatchQuery {
	/** Those behind this `seq` … */
	readonly after: number;
	/** … and up to and with this one … */
	readonly upTo: number;
	/** … without those that begin before these places in their logs. */
	readonly had: LogEnds;
}

/** An entry, and its place in the order of arrival. */
export interface SentEntry extends Omit<NewEntry, 'origin'> {
	readonly seq: number;
}

/**
 * The next entries behind the `seq` `after` and up to `upTo`: as an export writes them as AsyncZ's
 * records, gaps and lines that could not be read as they should among them. Bounded in entries,
 * characters and time; at least one row is looked at.
 */
export function readBatch(
	state: QueryState,
	{ after, upTo, had }: BatchQuery,
	now: () => number,
): EntryBatch {
	const deadline = now() + BATCH_MS;
	const row = new RowInExport(state);
	const entries: SentEntry[] = [];
	const hadEnds = new Map(had);
	const ends = new Map<number, number>();
	let gone = 0;
	let characters = 0;
	for (const { held, from, to } of stretchesOf(state.segments.inOrder, after, upTo).toReversed()) {
		const resident = state.segments.resident(held);
		const rows = wantedRows(state, held, resident, { from, to, hadEnds });
		row.begin(held, resident);
		for (let index = 0; index < rows.length; index++) {
			row.goTo(rows, index, true);
			const place = placeInLog(state, held, resident, row.row);
			if (place !== undefined) {
				ends.set(place.generation, place.end);
			}
			const entry = entryOf(row);
			if (entry === undefined) {
				gone++;
			} else {
				entries.push(entry);
				characters += entry.message.length + (entry.extra?.length ?? 0);
			}
			const isFull = entries.length >= BATCH_ENTRIES || characters >= BATCH_CHARACTERS;
			if (isFull || (index % ROWS_PER_LOOK === 0 && now() > deadline)) {
				return { entries, upTo: held.segment.seq + row.row, gone, ends: [...ends] };
			}
		}
	}
	return { entries, upTo, gone, ends: [...ends] };
}

/** The rows [from, to) without those of sources that were closed, and those that are there already. */
function wantedRows(
	state: QueryState,
	held: HeldSegment,
	resident: Resident,
	{ from, to, hadEnds }: { from: number; to: number; hadEnds: ReadonlyMap<number, number> },
): Uint32Array {
	const isHad = (row: number): boolean => {
		const place = hadEnds.size === 0 ? undefined : placeInLog(state, held, resident, row);
		return place !== undefined && place.start < (hadEnds.get(place.generation) ?? 0);
	};
	const rows: number[] = [];
	for (let row = from; row < to; row++) {
		if (!state.isHidden(resident, row) && !isHad(row)) {
			rows.push(row);
		}
	}
	return Uint32Array.from(rows);
}

/** Where the text of a row stands in its log; a gap has none. */
function placeInLog(
	state: QueryState,
	{ segment }: HeldSegment,
	resident: Resident,
	row: number,
): { readonly generation: number; readonly start: number; readonly end: number } | undefined {
	const { columns } = resident;
	const head = headRow(columns, row);
	const span = spanOf(segment, head);
	if (span === undefined || (state.rows.flags(resident, row) & EntryFlag.gap) !== 0) {
		return undefined;
	}
	const toLog = span.offset - span.text;
	return {
		generation: span.generation,
		start: toLog + textStart(columns, head),
		end: toLog + (columns.end[head] ?? 0),
	};
}

/** `undefined`: its lines are gone. */
function entryOf(row: RowInExport): SentEntry | undefined {
	const { state, held, resident } = row;
	const message = row.message();
	if (message === undefined) {
		return undefined;
	}
	const task_id = state.rows.task(resident, row.row);
	const extra = extraOf(row);
	return {
		seq: held.segment.seq + row.row,
		ts: row.ts,
		level: state.rows.level(resident, row.row).level,
		message,
		logger: state.rows.logger(resident, row.row),
		...(task_id === undefined ? {} : { task_id }),
		...(extra === undefined ? {} : { extra }),
	};
}

function extraOf(row: RowInExport): string | undefined {
	const { state, held, resident } = row;
	if (state.rows.isRecord(held, resident, row.row)) {
		const line = row.bytes();
		// A record as it stands has its traceback in `extra`, where AsyncZ has put it.
		const extra = line && extraOfLine(Buffer.from(line).toString());
		if (extra !== undefined) {
			return extra ?? undefined;
		}
	}
	const { extra, extraProblem, exception, raw } = row.entry();
	return recordExtra({ extra, extraProblem, exception, raw });
}

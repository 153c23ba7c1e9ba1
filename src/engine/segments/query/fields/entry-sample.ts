import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { fieldsOf } from '../../../shapes/field-names.ts';
import type { NamedField } from '../../../shapes/field-names.ts';
import { sampledEntry } from '../../../shapes/sampled-entry.ts';
import type { QueryState } from '../query-state.ts';
import { RowEntry } from '../text/row-entry.ts';
import type { HeldSegment } from '../segment-set.ts';
import { stretchesOf } from '../order/stretches.ts';

/** So many of the newest entries are looked at, those first … */
const NEWEST = 2_000;
const FIRST = 500;

/** … and so many of all the others, evenly far from each other. */
const SPREAD = 1_000;

interface Place {
	readonly held: HeldSegment;
	readonly row: number;
}

/** An entry that was looked at. */
export interface SampledEntry {
	readonly entry: QueryEntry;
	/** The fields it has. */
	readonly fields: readonly NamedField[];
	readonly version: number;
}

/** Some of the stored entries, to see what there is: the newest, and some of all times. */
export class EntrySample {
	/** Rises with each entry that is looked at. */
	learned = 0;
	/** Rises whenever it is another one. */
	revision = 0;
	readonly #state: QueryState;
	#bySeq = new Map<number, SampledEntry>();
	/** The `seq`s of those of all times; chosen anew when there are twice as many rows. */
	#spread: readonly number[] = [];
	#spreadRows = 0;

	constructor(state: QueryState) {
		this.#state = state;
	}

	/** The entries, as far as they can be looked at before it `isOver`. Asked again, it goes on. */
	look(isOver: () => boolean): readonly SampledEntry[] {
		const known = this.#bySeq;
		const next = new Map<number, SampledEntry>();
		const before = this.learned;
		for (const place of this.#wanted()) {
			const seq = place.held.segment.seq + place.row;
			const old = known.get(seq);
			const isSame = old?.version === place.held.segment.version;
			const sampled = isSame ? old : isOver() ? undefined : this.#read(place);
			if (sampled !== undefined) {
				next.set(seq, sampled);
			}
		}
		this.#bySeq = next;
		this.revision += this.learned > before || next.size !== known.size ? 1 : 0;
		return [...next.values()];
	}

	#wanted(): Place[] {
		const newest: Place[] = [];
		const { segments } = this.#state;
		const stretches = stretchesOf(segments.inOrder);
		for (const { held, to } of stretches) {
			for (let row = to - 1; row >= 0 && newest.length < NEWEST; row--) {
				newest.push({ held, row });
			}
			if (newest.length >= NEWEST) {
				break;
			}
		}
		const total = stretches.reduce((sum, { to }) => sum + to, 0);
		if (total >= this.#spreadRows * 2 || total < this.#spreadRows) {
			this.#spreadRows = total;
			this.#spread = spread(stretches.map(({ held }) => held).toReversed(), total);
		}
		const others = this.#spread.map((seq) => segments.find(seq));
		const places = [...newest.slice(0, FIRST), ...others, ...newest.slice(FIRST)];
		return places.filter((place) => place !== undefined);
	}

	#read({ held, row }: Place): SampledEntry | undefined {
		const resident = this.#state.segments.resident(held);
		if (this.#state.isHidden(resident, row)) {
			return undefined;
		}
		this.learned++;
		const entry = sampledEntry(new RowEntry(this.#state.rows, held, resident, row));
		return { entry, fields: fieldsOf(entry), version: held.segment.version };
	}
}

/** Rows evenly far from each other, of segments in order. */
function spread(segments: readonly HeldSegment[], total: number): number[] {
	const seqs: number[] = [];
	let before = 0;
	for (const { segment } of segments) {
		for (;;) {
			const row = Math.floor(((seqs.length + 0.5) * total) / SPREAD) - before;
			if (row >= segment.rows || seqs.length >= SPREAD) {
				break;
			}
			seqs.push(segment.seq + row);
		}
		before += segment.rows;
	}
	return [...new Set(seqs)];
}

import { DEFAULT_LIMIT } from '#shared/model/query.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Filter,
	Order,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { fieldPath } from '#shared/query/field-name.ts';
import type { PageQuery } from '../../active-storage.ts';
import { PlaceCounts } from '../../shapes/place-counts.ts';
import type { QueryableEntry } from '../queryable-entry.ts';
import type { EntryWindow } from './entry-window.ts';
import { KeptSearches } from './kept-search.ts';
import type { KeptSearch } from './kept-search.ts';
import { blocksOf, rangeOf, startOf } from './place-ranges.ts';
import type { PlaceRange } from './place-ranges.ts';
import { rowOf } from './entry-rows.ts';
import { WindowFields } from './window-fields.ts';
import { WindowShapes } from './window-shapes.ts';

/** An answer ends after this time, so that whoever no longer wants it need not wait for its end. */
const SLICE_MS = 40;

/** Severities from this place among `SEVERITY_CLASSES` on are errors. */
const ERROR_CLASS = 3;

/** More repeats of one entry are not counted. */
const MAX_REPEATS = 1_000;

/**
 * Answers queries over the entries of a window, newest first, as `matchFilter` defines them. What was
 * looked at is remembered per filter, so that asking again goes on; each answer looks at something.
 */
export class WindowAnswers {
	readonly window: EntryWindow;
	readonly #searches: KeptSearches;
	readonly #sources: ReadonlyMap<number, string>;
	readonly #shapes: WindowShapes;
	readonly #fields: WindowFields;
	readonly #now: () => number;

	constructor(
		window: EntryWindow,
		sources: ReadonlyMap<number, string>,
		now: () => number = () => performance.now(),
	) {
		this.window = window;
		this.#sources = sources;
		this.#searches = new KeptSearches(window, sources);
		this.#shapes = new WindowShapes(window, this.#searches);
		this.#fields = new WindowFields(window, sources, this.#searches);
		this.#now = now;
	}

	query({ limit = DEFAULT_LIMIT, offset = 0, order, fields = [], ...filter }: PageQuery): Page {
		const search = this.#searches.of(filter);
		const range = rangeOf(this.window, filter);
		const isOver = this.#slice();
		const paths = fields.map(fieldPath);
		const found =
			order === 'time'
				? this.#byTime(search, range, isOver)
				: this.#byArrival(search, range, isOver);
		const rows: EntryRow[] = [];
		let left = offset;
		for (const place of found) {
			if (place === undefined) {
				return { rows, complete: false };
			}
			if (left-- > 0) {
				continue;
			}
			const repeats = search.asksRepeats ? this.#repeatsOf(place) : undefined;
			rows.push(rowOf(this.window.entry(place), paths, this.#sources, repeats));
			if (rows.length === limit) {
				break;
			}
		}
		return { rows, complete: true };
	}

	count({ after, above, ...filter }: CountQuery): Count {
		const { window } = this;
		const search = this.#searches.of(filter);
		const range = rangeOf(window, filter, after);
		const isOver = this.#slice();
		const total = range.to - range.from;
		let matched = 0;
		let errors = 0;
		let searched = 0;
		for (const part of blocksOf(range)) {
			if (!search.look(part, isOver)) {
				return { matched, errors, searched: searched / total, complete: false };
			}
			const { seqs, ts, classes } = window.columns(part.from);
			const mask = search.mask(part.from);
			const start = startOf(part);
			for (let at = part.from - start; at < part.to - start; at++) {
				const time = ts[at] ?? 0;
				const isCounted =
					mask[at] === 1 &&
					(above === undefined ||
						time > above.ts ||
						(time === above.ts && (seqs[at] ?? 0) > above.seq));
				if (isCounted) {
					matched++;
					errors += (classes[at] ?? 0) >= ERROR_CLASS ? 1 : 0;
				}
			}
			searched += part.to - part.from;
		}
		return { matched, errors, searched: 1, complete: true };
	}

	shape(query: ShapeQuery): Shape {
		return this.#shapes.shape(query, this.#slice());
	}

	places({ order, also, buckets, limit = Infinity, ...filter }: PlacesQuery): Places {
		const all = this.#searches.of(filter);
		const both = this.#searches.of({ ...filter, also });
		const range = rangeOf(this.window, filter);
		const isOver = this.#slice();
		let matched = 0;
		let complete = true;
		for (const part of blocksOf(range)) {
			complete = all.look(part, isOver) && both.look(part, isOver) && complete;
			matched += all.matchedIn(part);
		}
		const counts = new PlaceCounts(buckets, Math.min(matched, limit));
		const found =
			order === 'time' ? placesByTime(this.window, all, range) : placesByArrival(all, range);
		let rank = 0;
		for (const place of found) {
			if (both.has(place)) {
				counts.add(rank, 1);
			}
			rank++;
		}
		return { ...counts.told(), complete };
	}

	getFields(): FieldList {
		return this.#fields.list(this.#slice());
	}

	getValues(query: ValuesQuery): ValueList {
		return this.#fields.values(query, this.#slice());
	}

	/** An entry that matches, if it is here. */
	matching(seq: number, filter: Filter): QueryableEntry | undefined {
		const place = this.window.placeOf(seq);
		const search = this.#searches.of(filter);
		const { from, to } = rangeOf(this.window, filter);
		const isIn = place !== undefined && place >= from && place < to;
		return isIn && search.look({ from: place, to: place + 1 }, () => false) && search.has(place)
			? this.window.entry(place, true)
			: undefined;
	}

	/** The places of all entries that match, newest first; `undefined` in between: it was time for a pause. */
	*placesOf(filter: Filter, order: Order): Generator<number | undefined> {
		const search = this.#searches.of(filter);
		const range = rangeOf(this.window, filter);
		let isOver = this.#slice();
		const found =
			order === 'time'
				? this.#byTime(search, range, () => isOver())
				: this.#byArrival(search, range, () => isOver());
		for (const place of found) {
			yield place;
			if (place === undefined) {
				isOver = this.#slice();
			}
		}
	}

	/** Begins a slice of time; whether it is over, which it never is before something was learned. */
	#slice(): () => boolean {
		const deadline = this.#now() + SLICE_MS;
		const learned = () => this.#searches.learned + this.#fields.learned;
		const before = learned();
		return () => learned() > before && this.#now() > deadline;
	}

	/** `undefined`: it is not known yet whether there are others before the next one. */
	*#byArrival(
		search: KeptSearch,
		range: PlaceRange,
		isOver: () => boolean,
	): Generator<number | undefined> {
		for (const part of blocksOf(range)) {
			while (!search.look(part, isOver)) {
				yield undefined;
			}
			yield* placesByArrival(search, part);
		}
	}

	*#byTime(
		search: KeptSearch,
		range: PlaceRange,
		isOver: () => boolean,
	): Generator<number | undefined> {
		for (const part of blocksOf(range)) {
			while (!search.look(part, isOver)) {
				yield undefined;
			}
		}
		yield* placesByTime(this.window, search, range);
	}

	#repeatsOf(place: number): { readonly count: number; readonly isOpen: boolean } {
		let count = 0;
		while (count < MAX_REPEATS && place + count + 1 < this.window.end) {
			if (!this.window.isRepeat(place + count + 1)) {
				return { count, isOpen: false };
			}
			count++;
		}
		return { count, isOpen: true };
	}
}

function* placesByArrival(search: KeptSearch, { from, to }: PlaceRange): Generator<number> {
	for (let place = to - 1; place >= from; place--) {
		if (search.has(place)) {
			yield place;
		}
	}
}

function* placesByTime(
	{ times }: EntryWindow,
	search: KeptSearch,
	{ from, to }: PlaceRange,
): Generator<number> {
	for (let rank = times.length - 1; rank >= 0; rank--) {
		const place = times.at(rank);
		if (place !== undefined && place >= from && place < to && search.has(place)) {
			yield place;
		}
	}
}

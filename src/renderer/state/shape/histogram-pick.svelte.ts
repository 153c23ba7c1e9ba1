import type { Histogram } from '#shared/model/query.ts';
import type { TimeRange } from '#shared/model/view.ts';
import { spanOfBars } from '../../lib/histogram-bars.ts';

/** Who knows which stretch of time is shown. */
export interface RangeOwner {
	readonly range: TimeRange;
	setRange(range: TimeRange): void;
}

/** Bars from `first` to `last`, by their places; the ends belong to it. */
export interface BarSpan {
	readonly first: number;
	readonly last: number;
}

/** So many zooms can be taken back, one by one. */
const MAX_ZOOMS = 50;

/**
 * What is picked out in a histogram: the bar that the keyboard is at, a stretch of bars, and the
 * ranges that were shown before it was zoomed into them. Picks are kept as times: bars move when
 * entries come.
 */
export class HistogramPick {
	/** Where the pick began and where it is now, in microseconds since 1970. */
	#anchor: number | undefined = $state();
	#focus: number | undefined = $state();
	readonly #owner: RangeOwner;
	/** What to zoom out to, and what had been zoomed into then. */
	#zooms: readonly { readonly from: TimeRange; readonly to: TimeRange }[] = $state.raw([]);

	constructor(owner: RangeOwner) {
		this.#owner = owner;
	}

	/** The bars that are picked: none before a first step. */
	spanIn(histogram: Histogram): BarSpan | undefined {
		if (this.#anchor === undefined || this.#focus === undefined) {
			return undefined;
		}
		const ends = [barOf(histogram, this.#anchor), barOf(histogram, this.#focus)];
		return { first: Math.min(...ends), last: Math.max(...ends) };
	}

	/** The bar the keyboard is at: at first the last one. */
	placeIn(histogram: Histogram): number {
		return this.#focus === undefined ? histogram.counts.length - 1 : barOf(histogram, this.#focus);
	}

	/** Goes to a bar; with `extend`, what lies between is picked, too. */
	goTo(histogram: Histogram, bar: number, extend: boolean): void {
		const { from, width, counts } = histogram;
		const place = Math.min(Math.max(bar, 0), counts.length - 1);
		const ts = from + place * width;
		if (extend && this.#anchor === undefined) {
			this.#anchor = from + this.placeIn(histogram) * width;
		}
		this.#focus = ts;
		this.#anchor = extend ? this.#anchor : ts;
	}

	clear(): void {
		this.#anchor = undefined;
		this.#focus = undefined;
	}

	/** Whether more than one bar is picked. */
	isStretch(histogram: Histogram): boolean {
		const span = this.spanIn(histogram);
		return span !== undefined && span.first !== span.last;
	}

	/** Shows only what happened in the stretch of these bars. */
	zoomTo(histogram: Histogram, { first, last }: BarSpan): void {
		const to: TimeRange = { kind: 'between', ...spanOfBars(histogram, first, last) };
		const from = this.#owner.range;
		this.#zooms = [...this.#known(), { from, to }].slice(-MAX_ZOOMS);
		this.clear();
		this.#owner.setRange(to);
	}

	/** Whether there is something to go back to. */
	get canZoomOut(): boolean {
		return this.#owner.range.kind === 'between';
	}

	/** Shows the stretch that was shown before the last zoom; all of the time, if there was none. */
	zoomOut(): void {
		this.clear();
		if (this.canZoomOut) {
			const known = this.#known();
			this.#zooms = known.slice(0, -1);
			this.#owner.setRange(known.at(-1)?.from ?? { kind: 'all' });
		}
	}

	/** The zooms that led to the range on screen: none if it was chosen elsewhere since. */
	#known(): readonly { readonly from: TimeRange; readonly to: TimeRange }[] {
		const range = JSON.stringify(this.#owner.range);
		const end = this.#zooms.findLastIndex(({ to }) => JSON.stringify(to) === range);
		return this.#zooms.slice(0, end + 1);
	}
}

function barOf({ from, width, counts }: Histogram, ts: number): number {
	return Math.min(Math.max(Math.floor((ts - from) / width), 0), counts.length - 1);
}

import type { EngineApi } from '#shared/api/engine.ts';
import type { Clock } from '../../lib/clock.ts';
import { Asking } from '../result/asking.ts';
import type { LogView } from '../result/log-view.svelte.ts';
import type { What } from './row-finder.ts';

/** Places are asked for anew at most this often. */
const PAUSE_MS = 500;

/** Where along the rows of the table something is, for ticks beside the scroll bar. */
export class Ticks {
	/** For each stretch of the table, from the newest on: how many of its rows have it. */
	counts: readonly number[] = $state.raw([]);
	readonly #api: Pick<EngineApi, 'places'>;
	readonly #view: LogView;
	readonly #what: () => What | undefined;
	readonly #asking: Asking;
	#stretches = 0;

	/** `what` says what is looked for; `undefined` for nothing. */
	constructor(
		api: Pick<EngineApi, 'places'>,
		view: LogView,
		clock: Clock,
		what: () => What | undefined,
	) {
		this.#api = api;
		this.#view = view;
		this.#what = what;
		this.#asking = new Asking(clock, PAUSE_MS, () => this.#count());
	}

	/** Something else is looked for, or the table has other rows, or so many stretches. */
	changed(stretches: number): void {
		this.#stretches = stretches;
		if (this.#what() === undefined) {
			this.counts = [];
		} else {
			this.#asking.ask();
		}
	}

	async #count(): Promise<void> {
		const what = this.#what();
		const { set, shown } = this.#view;
		const buckets = Math.min(this.#stretches, shown);
		if (what === undefined || buckets < 1) {
			this.counts = [];
			return;
		}
		const order = set.order === 'time' ? { order: set.order } : {};
		const filter = { ...what, ...set.filter, ...order, up_to: set.upTo };
		try {
			let isComplete = false;
			while (!isComplete && set === this.#view.set && what.also === this.#what()?.also) {
				const places = await this.#api.places({ ...filter, buckets, limit: shown });
				isComplete = places.complete;
				if (set === this.#view.set && what.also === this.#what()?.also) {
					this.counts = places.counts;
				}
			}
		} catch (error) {
			set.failed(error);
		}
	}
}

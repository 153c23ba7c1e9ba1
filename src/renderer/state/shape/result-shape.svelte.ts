import type { EngineApi } from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { Facet, Filter, Shape, ShapeQuery } from '#shared/model/query.ts';
import type { Clock } from '../../lib/clock.ts';

/** What a shape is asked from. */
export type ShapeApi = Pick<EngineApi, 'shape'>;

/** A new snapshot of the same entries is counted this long after the one before, at least … */
const STEP_MS = 250;

/** … and never in more than a part of the time. */
const REST = 4;

const RETRY_MS = 2_000;

/** Which result is to be counted, and by what. */
export interface ShapeWish {
	/** The result on screen: it is another one after each new question. */
	readonly set: { readonly filter: Filter; readonly stopped: boolean };
	/** The newest entry that it has taken in. */
	readonly upTo: number;
	/** How many bars there is room for; without it, no histogram. */
	readonly buckets?: number;
	readonly facets: NonNullable<ShapeQuery['facets']>;
}

/**
 * Histogram and facets of the result on screen. They are counted for its own snapshot, so that
 * they tell of the same entries as its rows: at rest all of it is of one moment.
 *
 * One question is asked at a time. What was counted last stays until there is something better;
 * the first counts of another question are shown while the rest is counted.
 */
export class ResultShape {
	/** What was counted last. */
	shape: Shape | undefined = $state.raw();
	/** What it was counted for. */
	of: ShapeWish | undefined = $state.raw();
	/** Why the engine's last answer was none; asked again by itself. */
	error: string | undefined = $state();
	/** How many bars there is room for; `undefined` where no histogram is shown. */
	room: number | undefined = $state();
	readonly #api: ShapeApi;
	readonly #clock: Clock;
	#wish: ShapeWish | undefined = $state.raw();
	/** What was asked last; whether its answer was the whole one. */
	#asked: ShapeWish | undefined;
	#isDone = false;
	#isAsking = false;
	#askedAt = -Infinity;
	#tookMs = 0;
	#notBefore = -Infinity;
	#cancel: () => void = () => {};

	constructor(api: ShapeApi, clock: Clock) {
		this.#api = api;
		this.#clock = clock;
	}

	/** Says what is on screen; `undefined`: nothing that has a shape. Called again, it is only that. */
	want(wish: ShapeWish | undefined): void {
		this.#wish = wish;
		this.#arrange();
	}

	/** What was counted is of another storage. */
	forget(): void {
		this.shape = undefined;
		this.of = undefined;
		this.error = undefined;
		this.#asked = undefined;
	}

	/** What is shown does not belong to the question on screen, or is not all of it. */
	get isBehind(): boolean {
		return (
			this.shape === undefined ||
			!this.shape.complete ||
			(this.#wish !== undefined && !(this.of !== undefined && isSameEntries(this.of, this.#wish)))
		);
	}

	/** The values of a field, as far as they were counted. */
	facet(field: string): Facet | undefined {
		return this.shape?.facets.find((facet) => facet.field === field);
	}

	#arrange(): void {
		this.#cancel();
		const wish = this.#next();
		if (this.#isAsking || wish === undefined) {
			return;
		}
		const delayMs = Math.max(this.#dueAt(wish), this.#notBefore) - this.#clock.now();
		if (delayMs <= 0) {
			void this.#ask(wish);
		} else {
			this.#cancel = this.#clock.after(delayMs, () => this.#arrange());
		}
	}

	/** What to ask now: the same again while its answer lacks something. */
	#next(): ShapeWish | undefined {
		const wish = this.#wish;
		if (wish === undefined || (wish.buckets === undefined && wish.facets.length === 0)) {
			return undefined;
		}
		const asked = this.#asked;
		if (asked === undefined || !isSameQuestion(asked, wish)) {
			return wish;
		}
		if (!this.#isDone) {
			return wish.set.stopped ? undefined : asked;
		}
		return asked.set === wish.set && asked.upTo === wish.upTo ? undefined : wish;
	}

	#dueAt(wish: ShapeWish): number {
		const asked = this.#asked;
		if (asked === undefined || !isSameQuestion(asked, wish)) {
			return -Infinity;
		}
		const rest = this.#isDone ? Math.max(STEP_MS, REST * this.#tookMs) : 2 * this.#tookMs;
		return this.#askedAt + rest;
	}

	async #ask(wish: ShapeWish): Promise<void> {
		this.#isAsking = true;
		this.#asked = wish;
		this.#isDone = false;
		this.#askedAt = this.#clock.now();
		try {
			const shape = await this.#api.shape(queryOf(wish));
			this.#isDone = shape.complete;
			this.#take(wish, shape);
		} catch (error) {
			// A new result comes with the next connection.
			const isLost = error instanceof AppError && error.code === 'closed';
			this.error = isLost ? this.error : messageOf(error);
			this.#isDone = isLost;
			this.#notBefore = this.#clock.now() + (isLost ? 0 : RETRY_MS);
		}
		this.#tookMs = this.#clock.now() - this.#askedAt;
		this.#isAsking = false;
		this.#arrange();
	}

	#take(wish: ShapeWish, shape: Shape): void {
		this.error = undefined;
		if (this.#wish === undefined || !isSameEntries(wish, this.#wish)) {
			return; // another question is on screen by now
		}
		const isNewer = this.of === undefined || !isSameQuestion(this.of, wish);
		if (shape.complete || isNewer || this.shape?.complete !== true) {
			this.shape = shape;
			this.of = wish;
		}
	}
}

function queryOf({ set, upTo, buckets, facets }: ShapeWish): ShapeQuery {
	return {
		...set.filter,
		up_to: upTo,
		...(buckets === undefined ? {} : { buckets }),
		facets: [...facets],
	};
}

function isSameEntries(a: ShapeWish, b: ShapeWish): boolean {
	return a.set === b.set || JSON.stringify(a.set.filter) === JSON.stringify(b.set.filter);
}

/** The same but for the snapshot. */
function isSameQuestion(a: ShapeWish, b: ShapeWish): boolean {
	return (
		isSameEntries(a, b) &&
		a.buckets === b.buckets &&
		JSON.stringify(a.facets) === JSON.stringify(b.facets)
	);
}

import type { Filter } from '#shared/model/query.ts';

/** A question that took too long is not asked again for so long. */
const REST_MS = 60_000;

/** More of them are not remembered; the oldest go first. */
const MOST = 100;

/**
 * Questions that a server could not answer in time: each look at a live table would have it read the
 * table again, in vain. They rest, whatever the moment is that they are asked for.
 */
export class SlowQuestions {
	readonly #until = new Map<string, number>();

	/** Whether it was too slow a short time ago. */
	has(filter: Filter): boolean {
		return (this.#until.get(keyOf(filter)) ?? 0) > performance.now();
	}

	add(filter: Filter): void {
		const key = keyOf(filter);
		this.#until.delete(key);
		this.#until.set(key, performance.now() + REST_MS);
		for (const oldest of this.#until.keys()) {
			if (this.#until.size <= MOST) {
				return;
			}
			this.#until.delete(oldest);
		}
	}
}

/** Of whatever moment. */
function keyOf(filter: Filter): string {
	return JSON.stringify({ ...filter, up_to: 0, arrived_after: 0, at: 0 });
}

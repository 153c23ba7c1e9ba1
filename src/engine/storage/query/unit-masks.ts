import { ERROR } from '../segment/row-summary.ts';
import { levelOfText } from '../segment/dictionary.ts';
import type { Search } from './compile-search.ts';
import type { UnitCount } from './kept-counts.ts';
import { KeptMatches } from './kept-matches.ts';
import type { AskedRows } from './match-rows.ts';
import { PlanRunner } from './plan-runner.ts';
import type { QueryState } from './query-state.ts';
import type { HeldSegment } from './segment-set.ts';

/** Finds which rows of a stretch match. What took long to find out is remembered. */
export class UnitMasks {
	readonly #state: QueryState;
	readonly #runner: PlanRunner;
	readonly #kept = new KeptMatches();
	/** Made anew when levels came. */
	#errorLevels = new Uint8Array(0);

	constructor(state: QueryState) {
		this.#state = state;
		this.#runner = new PlanRunner(state);
	}

	/** Rises whenever something is found out that will be remembered. */
	get learned(): number {
		return this.#kept.learned;
	}

	/** A segment has left. */
	forget(segment: number): void {
		this.#kept.forget(segment);
	}

	/** 1 for each of the rows [from, to) that matches, else 0. */
	mask(held: HeldSegment, search: Search, from: number, to: number): Uint8Array {
		const resident = this.#state.segments.resident(held);
		const rows: AskedRows = { held, resident, from, to, mask: new Uint8Array(to - from) };
		if (!search.isSlow) {
			rows.mask.fill(1);
			this.#runner.keep(search.plan, rows);
			return rows.mask;
		}
		const unknown = this.#kept.recall(search.key, rows);
		if (unknown !== undefined) {
			const looked = { ...rows, mask: unknown.slice() };
			this.#runner.keep(search.plan, looked);
			this.#kept.learn(search.key, looked, unknown);
			for (let at = 0; at < to - from; at++) {
				rows.mask[at] = (rows.mask[at] ?? 0) | (looked.mask[at] ?? 0);
			}
		}
		return rows.mask;
	}

	/** How many rows are in a mask, and how many of them are errors. */
	count(held: HeldSegment, mask: Uint8Array, from: number, to: number): UnitCount {
		const { columns } = this.#state.segments.resident(held);
		const isError = this.levelsOfErrors();
		const { level } = columns;
		let matched = 0;
		let errors = 0;
		const first = mask.indexOf(1);
		for (let at = first === -1 ? to - from : first; at < to - from; at++) {
			if (mask[at] === 1) {
				matched++;
				errors += isError[level[from + at] ?? 0] ?? 0;
			}
		}
		return { matched, errors };
	}

	/** By level id: 1 for ERROR and above. */
	levelsOfErrors(): Uint8Array {
		const { dictionary } = this.#state;
		const count = dictionary.count('level') + 1;
		if (this.#errorLevels.length !== count) {
			this.#errorLevels = Uint8Array.from({ length: count }, (_, id) =>
				id > 0 && levelOfText(dictionary.text('level', id)).severity >= ERROR ? 1 : 0,
			);
		}
		return this.#errorLevels;
	}
}

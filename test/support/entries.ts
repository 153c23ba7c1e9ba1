import type { EntryRow } from '#shared/model/entry.ts';

/** A table row with the given fields, the others plain. */
export function entryRow(fields: Partial<EntryRow> = {}): EntryRow {
	return {
		seq: 1,
		ts: 1_795_342_787_283_179,
		level: 'INFO',
		severity: 20,
		logger: 'asyncz.task',
		message: 'Report built',
		source: 1,
		flags: 0,
		...fields,
	};
}

/** Where two lists differ first, with what is around it: a diff of thousands of lines tells nobody. */
export function firstDifference(found: readonly unknown[], expected: readonly unknown[]): unknown {
	const length = Math.max(found.length, expected.length);
	for (let at = 0; at < length; at++) {
		if (found[at] !== expected[at]) {
			const around = [at, at + 5] as const;
			return {
				at,
				found: found.slice(...around),
				expected: expected.slice(...around),
				lengths: [found.length, expected.length],
			};
		}
	}
	return undefined;
}

/** Random numbers that are the same in every run with the same seed (mulberry32). */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed;
	}

	/** At least 0 and below 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) | 0;
		let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	}

	/** A whole number from 0 to `below - 1`. */
	below(below: number): number {
		return Math.floor(this.next() * below);
	}

	pick<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)] as T;
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}
}

/** How often property tests are run: 1, or more for a long run. */
export const TEST_SCALE = Number(process.env['TEST_SCALE'] ?? 1);

/** The time at which everything is read in tests of storages, in milliseconds since 1970. */
export const NOW = 1_795_342_787_283;

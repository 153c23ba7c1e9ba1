import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { CountQuery } from '#shared/model/query.ts';
import { LINE_MS, LOG_START, randomNumbers, TASK_COUNT } from './generate-log.ts';
import { RARE_MESSAGE } from './log-content.ts';

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];
const SYLLABLES = ['bra', 'zul', 'kep', 'vox', 'nim', 'gax', 'tru', 'fil', 'wob', 'yed'];

/** Never asks the same twice: what was counted once is remembered, and would be no measure. */
export class RandomFilters {
	readonly #random: () => number;
	readonly #path: string;
	readonly #lines: number;
	readonly #given = new Set<string>();

	/** For a generated log; the same seed gives the same filters. */
	constructor(log: { readonly path: string; readonly lines: number }, seed: number) {
		this.#random = randomNumbers(seed);
		this.#path = log.path;
		this.#lines = log.lines;
	}

	/** Filters by level, task and time, of every kind in turn. */
	structured(count: number): CountQuery[] {
		const kinds: (() => CountQuery)[] = [
			() => ({ level: this.#pick(LEVELS), ...this.#range() }),
			() => ({ min_level: this.#pick(LEVELS), task_id: this.#task() }),
			() => ({ task_id: this.#task() }),
			() => this.#range(),
			() => ({ level: this.#pick(LEVELS), task_id: this.#task() }),
		];
		return this.#different(count, (place) => (kinds[place % kinds.length] ?? (() => ({})))());
	}

	/** Parts of a message that one in 100,000 lines has. */
	rare(count: number): CountQuery[] {
		return this.#different(count, () => {
			const length = 12 + this.#below(16);
			const at = this.#below(RARE_MESSAGE.length - length);
			// Its ends may not be blank: they would be cut off, and the rest is another word.
			return { q: RARE_MESSAGE.slice(at, at + length).trim() };
		});
	}

	/** Words that nobody wrote. */
	absent(count: number): CountQuery[] {
		return this.#different(count, () => ({
			q: Array.from({ length: 3 }, () => this.#pick(SYLLABLES)).join(''),
		}));
	}

	/** Pieces of messages that are there, found where a line of the log matches `pattern`. */
	present(count: number, pattern: RegExp): CountQuery[] {
		const file = openSync(this.#path, 'r');
		const buffer = Buffer.alloc(256 * 1024);
		const { size } = statSync(this.#path);
		try {
			return this.#different(count, () => {
				readSync(file, buffer, 0, buffer.length, this.#below(Math.max(size - buffer.length, 1)));
				return { q: pattern.exec(buffer.toString('latin1'))?.[1] ?? '' };
			});
		} finally {
			closeSync(file);
		}
	}

	/** The first two groups of uuids that nobody has. */
	absentUuids(count: number): CountQuery[] {
		return this.#different(count, () => ({ q: `${this.#hex(8)}-${this.#hex(4)}` }));
	}

	#different(count: number, make: (place: number) => CountQuery): CountQuery[] {
		const filters: CountQuery[] = [];
		while (filters.length < count) {
			const filter = make(filters.length);
			const text = JSON.stringify(filter);
			if (filter.q !== '' && !this.#given.has(text)) {
				this.#given.add(text);
				filters.push(filter);
			}
		}
		return filters;
	}

	/** A stretch of the log's time, of any length. */
	#range(): CountQuery {
		const time = () => (LOG_START + this.#below(this.#lines) * LINE_MS) * 1_000;
		const [one, other] = [time(), time()];
		return { since: Math.min(one, other), until: Math.max(one, other) };
	}

	#task(): string {
		return `task_${Math.floor(TASK_COUNT ** this.#random())}`;
	}

	#hex(digits: number): string {
		return Math.floor(this.#random() * 16 ** digits)
			.toString(16)
			.padStart(digits, '0');
	}

	#pick<T>(list: readonly T[]): T {
		return list[this.#below(list.length)] as T;
	}

	#below(limit: number): number {
		return Math.floor(this.#random() * limit);
	}
}

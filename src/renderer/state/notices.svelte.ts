import { AppError, messageOf } from '#shared/errors.ts';
import type { Clock } from '../lib/clock.ts';

/** A sentence for the user: an error stays until it is dismissed, a remark goes by itself. */
export interface Notice {
	readonly id: number;
	readonly kind: 'error' | 'remark';
	readonly text: string;
}

const REMARK_MS = 4_000;
const MAX_NOTICES = 5;

/** What there is to say that belongs to no other place on the screen. */
export class Notices {
	list: readonly Notice[] = $state.raw([]);
	readonly #clock: Clock;
	#nextId = 1;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Says that something failed. A lost connection is said elsewhere. */
	error(error: unknown): void {
		if (!(error instanceof AppError && error.code === 'closed')) {
			this.#add('error', messageOf(error));
		}
	}

	/** Says something in passing. */
	remark(text: string): void {
		const id = this.#add('remark', text);
		this.#clock.after(REMARK_MS, () => this.dismiss(id));
	}

	dismiss(id: number): void {
		this.list = this.list.filter((notice) => notice.id !== id);
	}

	#add(kind: Notice['kind'], text: string): number {
		const id = this.#nextId++;
		const others = this.list.filter((notice) => notice.text !== text);
		this.list = [...others, { id, kind, text }].slice(-MAX_NOTICES);
		return id;
	}
}

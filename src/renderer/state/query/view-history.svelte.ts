import type { Clock } from '../../lib/clock.ts';

/** What is typed is one step, if no pause in it was longer than this. */
const TYPING_PAUSE_MS = 3_000;

/** The most steps that can be taken back. */
const MAX_STEPS = 200;

/** Where the view's state is, and how to bring one back. */
export interface HistoryOf<State> {
	/** The state as it is now. */
	read(): State;
	/** Makes it the state again. */
	apply(state: State): void;
}

/**
 * The states a view was in, for going back and forth between them. States are compared by what they
 * hold, and a change that leaves everything as it was is no step.
 */
export class ViewHistory<State> {
	#past: readonly State[] = $state.raw([]);
	#future: readonly State[] = $state.raw([]);
	readonly #of: HistoryOf<State>;
	readonly #clock: Clock;
	#current: State;
	#typedAt = -Infinity;
	#isApplying = false;

	/** Begins with the state as it is now. */
	constructor(of: HistoryOf<State>, clock: Clock) {
		this.#of = of;
		this.#clock = clock;
		this.#current = of.read();
	}

	get canUndo(): boolean {
		return this.#past.length > 0;
	}

	get canRedo(): boolean {
		return this.#future.length > 0;
	}

	/** The state is another one now. Typing goes on where the last key made its step. */
	changed(kind: 'typed' | 'step'): void {
		if (this.#isApplying) {
			return;
		}
		const next = this.#of.read();
		if (isSame(next, this.#current)) {
			return;
		}
		const now = this.#clock.now();
		const goesOn = kind === 'typed' && now - this.#typedAt <= TYPING_PAUSE_MS;
		this.#typedAt = kind === 'typed' ? now : -Infinity;
		if (!goesOn) {
			this.#past = [...this.#past, this.#current].slice(-MAX_STEPS);
		}
		this.#future = [];
		this.#current = next;
	}

	/** Makes several changes one step. */
	together(change: () => void): void {
		const outer = this.#isApplying;
		this.#isApplying = true;
		try {
			change();
		} finally {
			this.#isApplying = outer;
		}
		this.changed('step');
	}

	/** The state is where the view begins: nothing that was before can be brought back. */
	begin(): void {
		this.#past = [];
		this.#future = [];
		this.#typedAt = -Infinity;
		this.#current = this.#of.read();
	}

	/** The state was changed from outside: that is no step, and is not taken back. */
	rebase(): void {
		if (!this.#isApplying) {
			this.#current = this.#of.read();
		}
	}

	/** Goes back one step; `false` where there is none. */
	undo(): boolean {
		const state = this.#past.at(-1);
		if (state === undefined) {
			return false;
		}
		this.#past = this.#past.slice(0, -1);
		this.#future = [...this.#future, this.#current];
		this.#apply(state);
		return true;
	}

	/** Takes the last `undo` back; `false` where there is none. */
	redo(): boolean {
		const state = this.#future.at(-1);
		if (state === undefined) {
			return false;
		}
		this.#future = this.#future.slice(0, -1);
		this.#past = [...this.#past, this.#current];
		this.#apply(state);
		return true;
	}

	#apply(state: State): void {
		this.#typedAt = -Infinity;
		this.#isApplying = true;
		try {
			this.#of.apply(state);
		} finally {
			this.#isApplying = false;
		}
		this.#current = this.#of.read();
	}
}

function isSame(a: unknown, b: unknown): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

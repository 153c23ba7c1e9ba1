/** Whoever asks is answered within this time, if only with what is known by then. */
const SLICE_MS = 200;

/** A question that nobody asks again for so long is given up … */
const FORGOTTEN_MS = 2_500;

/** … or, while others wait for the storage, for so long. */
const HURRIED_MS = 800;

/** What is said while a storage is still at it. */
export const AT_WORK = Symbol('at work');

interface OwnQuestion {
	readonly answer: Promise<unknown>;
	readonly stop: AbortController;
	/** How many wait for its answer in this moment. */
	waiting: number;
	timer: NodeJS.Timeout | undefined;
}

/**
 * Questions that a storage answers by itself, in slices like all others: who asks again goes on
 * waiting for the same answer, and what nobody asks for any more is stopped. So a new question never
 * stands behind old ones, and several windows do not take each other's answers away.
 */
export class OwnQuestions {
	readonly #open = new Map<string, OwnQuestion>();

	/**
	 * The answer to a question, told apart by `key`; `AT_WORK` if it is not there within a slice.
	 * `begin` has to end soon once its signal is aborted. Rejects as it does.
	 */
	async ask<R>(
		key: string,
		begin: (signal: AbortSignal) => Promise<R>,
	): Promise<R | typeof AT_WORK> {
		const question = this.#open.get(key) ?? this.#begin(key, begin);
		clearTimeout(question.timer);
		question.waiting++;
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<typeof AT_WORK>((resolve) => {
			timer = setTimeout(() => resolve(AT_WORK), SLICE_MS);
		});
		let isAnswered = true;
		try {
			const answer = await Promise.race([question.answer as Promise<R>, patience]);
			isAnswered = answer !== AT_WORK;
			return answer;
		} finally {
			clearTimeout(timer);
			question.waiting--;
			if (isAnswered) {
				this.#end(key, question);
			} else {
				this.#await(key, question);
			}
		}
	}

	/** Stops all that nobody waits for in this moment. */
	close(): void {
		for (const [key, question] of this.#open) {
			this.#end(key, question);
			question.stop.abort();
		}
	}

	#begin(key: string, begin: (signal: AbortSignal) => Promise<unknown>): OwnQuestion {
		const stop = new AbortController();
		const answer = begin(stop.signal);
		answer.catch(() => {}); // told to who asks
		const question: OwnQuestion = { answer, stop, waiting: 0, timer: undefined };
		this.#open.set(key, question);
		for (const [otherKey, other] of this.#open) {
			this.#await(otherKey, other);
		}
		return question;
	}

	/** Gives a question up in time, unless it is asked again. */
	#await(key: string, question: OwnQuestion): void {
		clearTimeout(question.timer);
		if (question.waiting === 0 && this.#open.get(key) === question) {
			const patience = this.#open.size > 1 ? HURRIED_MS : FORGOTTEN_MS;
			question.timer = setTimeout(() => {
				this.#end(key, question);
				question.stop.abort();
			}, patience);
		}
	}

	#end(key: string, question: OwnQuestion): void {
		clearTimeout(question.timer);
		if (this.#open.get(key) === question) {
			this.#open.delete(key);
		}
	}
}

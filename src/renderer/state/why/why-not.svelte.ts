import type { EngineApi } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import { findEntries } from './find-entry.ts';

/** Which entry a question is about: one that is known, or one to be found by its text. */
export class WhyNot {
	/** A pasted line, or a part of one. */
	text = $state('');
	entry: LogEntry | undefined = $state.raw();
	/** Entries the text can mean, where it is more than one. */
	candidates: readonly EntryRow[] = $state.raw([]);
	isLooking = $state(false);
	/** Why there is no entry: a sentence. */
	problem: string | undefined = $state();
	readonly #api: Pick<EngineApi, 'query' | 'getEntry'>;
	/** Rises with each question: of several, only the last one is answered. */
	#asked = 0;

	constructor(api: Pick<EngineApi, 'query' | 'getEntry'>) {
		this.#api = api;
	}

	/** Asks about the entry with this number. */
	choose(seq: number): Promise<void> {
		return this.#ask(async () => {
			this.entry = await this.#api.getEntry({ seq });
			this.problem = this.entry === undefined ? 'This entry is no longer stored.' : undefined;
		});
	}

	/** Looks for the entry whose line was pasted. */
	find(): Promise<void> {
		return this.#ask(async (isWanted) => {
			this.entry = undefined;
			this.candidates = [];
			const found = await findEntries(this.#api, this.text, isWanted);
			const [only] = found;
			if (!isWanted()) {
				return;
			}
			if (only === undefined) {
				this.problem =
					this.text.trim() === ''
						? 'Paste a line of a log, or a part of its message.'
						: 'No stored entry contains this text.';
			} else if (found.length === 1) {
				this.entry = await this.#api.getEntry({ seq: only.seq });
			} else {
				this.candidates = found;
			}
		});
	}

	/** Forgets the entry, to ask about another one. */
	reset(): void {
		this.#asked++;
		this.isLooking = false;
		this.entry = undefined;
		this.problem = undefined;
	}

	async #ask(find: (isWanted: () => boolean) => Promise<void>): Promise<void> {
		const asked = ++this.#asked;
		const isWanted = (): boolean => asked === this.#asked;
		this.isLooking = true;
		this.problem = undefined;
		try {
			await find(isWanted);
		} catch (error) {
			if (isWanted()) {
				this.problem = messageOf(error);
			}
		}
		if (isWanted()) {
			this.isLooking = false;
		}
	}
}

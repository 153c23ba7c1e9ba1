import type { EngineApi } from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { LogEntry } from '#shared/model/entry.ts';

/** The entry shown in full beside the table. */
export class Details {
	isOpen = $state(false);
	/** The entry as it was last read; the one before it until then. */
	entry: LogEntry | undefined = $state.raw();
	/** Why there is no entry to show. */
	problem: string | undefined = $state();
	/** An entry has been asked for. */
	isReading = $state(false);
	/** The entry (`seq`) whose note is to be written as soon as it is shown. */
	#noteOf: number | undefined;
	readonly #api: Pick<EngineApi, 'getEntry'>;
	#wanted: number | undefined;
	/** The newest entry there was when storage was last told of. */
	#newest = 0;

	constructor(api: Pick<EngineApi, 'getEntry'>) {
		this.#api = api;
	}

	/** Shows this entry once the pane is open; of several in a row only the last one is read. */
	show(seq: number): void {
		this.#wanted = seq;
		void this.#read();
	}

	open(): void {
		this.isOpen = true;
		void this.#read();
	}

	/** Opens the pane at the note of an entry. Whether that is shown already. */
	openAtNote(seq: number): boolean {
		const isShown = this.isOpen && this.entry?.seq === seq;
		this.#noteOf = isShown ? undefined : seq;
		this.show(seq);
		this.open();
		return isShown;
	}

	/** Whether the note of this entry, which is shown now, was asked for; says so once. */
	takeNoteWish(seq: number): boolean {
		const isWished = this.#noteOf === seq;
		this.#noteOf = undefined;
		return isWished;
	}

	close(): void {
		this.isOpen = false;
	}

	/** The entry is not in what is shown any more; the pane stays as it is. */
	forget(): void {
		this.entry = undefined;
		this.problem = undefined;
		this.#wanted = undefined;
	}

	/** Entries came. What follows the newest one may be its traceback: it is read again. */
	storageChanged(watermark: number): void {
		if (this.isOpen && this.entry !== undefined && this.entry.seq >= this.#newest) {
			this.show(this.entry.seq);
		}
		this.#newest = watermark;
	}

	/** Entries were read anew: the one that is shown may be another one now. */
	reread(): void {
		if (this.isOpen && this.entry !== undefined) {
			this.show(this.entry.seq);
		}
	}

	async #read(): Promise<void> {
		if (!this.isOpen || this.isReading) {
			return;
		}
		this.isReading = true;
		while (this.#wanted !== undefined) {
			const seq = this.#wanted;
			this.#wanted = undefined;
			try {
				const entry = await this.#api.getEntry({ seq });
				if (this.#wanted === undefined) {
					this.entry = entry ?? this.entry;
					this.problem = entry === undefined ? 'This entry is no longer stored.' : undefined;
				}
			} catch (error) {
				// A lost connection is said elsewhere, and what was read stays.
				const isLost = error instanceof AppError && error.code === 'closed';
				this.problem = isLost ? this.problem : messageOf(error);
			}
		}
		this.isReading = false;
	}
}

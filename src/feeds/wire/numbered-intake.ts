import type { Feed } from '../feed/feed.ts';
import { formatGapLine } from '../feed/gap-line.ts';
import type { Intake } from './intake.ts';
import { LineCutter, skipLines } from './line-cutter.ts';

/** Where the lines of a numbered session begin, and what there is of it. */
export interface NumberedStart {
	readonly session: string;
	/** The number of the next line that is sent. */
	readonly start: number;
	/** That of the last line stored. */
	readonly last: number;
}

/**
 * Lines of a numbered session. Half a line at the end is let go: it was not acknowledged, so it is
 * sent again.
 */
export class NumberedIntake implements Intake {
	readonly canWait = true;
	readonly problem = undefined;
	readonly #feed: Feed;
	readonly #session: string;
	readonly #cutter = new LineCutter();
	/** Lines still to come that are stored already. */
	#repeated: number;

	constructor(feed: Feed, { session, start, last }: NumberedStart) {
		this.#feed = feed;
		this.#session = session;
		this.#repeated = Math.max(last + 1 - start, 0);
		const missing = start - last - 1;
		if (missing > 0) {
			// It takes the number of one of those missing, so that numbers go on to be places.
			const reason = 'The sender no longer had these records';
			feed.writer.jump(session, start - 1, formatGapLine({ records: missing, reason }));
		}
	}

	get heldBytes(): number {
		return this.#cutter.heldBytes;
	}

	push(chunk: Buffer): void {
		let cut = this.#cutter.push(chunk);
		if (this.#repeated > 0) {
			const { lines } = cut;
			cut = skipLines(cut, this.#repeated);
			this.#repeated -= lines - cut.lines;
		}
		if (cut.lines > 0) {
			this.#feed.addNumbered(this.#session, cut.pieces, cut.bytes, cut.lines);
		}
	}

	end(): void {}
}

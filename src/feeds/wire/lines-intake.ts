import type { Feed } from '../feed/feed.ts';
import type { Intake } from './intake.ts';
import { LineCutter } from './line-cutter.ts';

/** Lines that nobody numbers: what is lost of them is gone, and is written down as a gap. */
export class LinesIntake implements Intake {
	readonly canWait = true;
	readonly problem = undefined;
	readonly #feed: Feed;
	readonly #cutter = new LineCutter();

	constructor(feed: Feed) {
		this.#feed = feed;
	}

	get heldBytes(): number {
		return this.#cutter.heldBytes;
	}

	push(chunk: Buffer): void {
		const { pieces, bytes, lines } = this.#cutter.push(chunk);
		if (lines > 0) {
			this.#feed.add(pieces, bytes, lines);
		}
	}

	end(broken: string | undefined): void {
		const { pieces, bytes, lines } = this.#cutter.end();
		if (lines > 0) {
			this.#feed.add(pieces, bytes, lines);
		}
		if (broken !== undefined) {
			this.#feed.addGap({ reason: broken, toMs: Date.now() });
		}
	}
}

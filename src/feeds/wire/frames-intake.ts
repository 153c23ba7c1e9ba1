import { formatRefusedFrame } from '#shared/model/feed-lines.ts';
import type { Feed } from '../feed/feed.ts';
import { FrameSplitter } from '../pickle/frame-splitter.ts';
import { recordLine } from '../pickle/record-line.ts';
import type { Intake } from './intake.ts';

/** So much of a frame that can't be decoded is shown. */
const SHOWN_BYTES = 1024;

/**
 * Frames of Python's SocketHandler. Its sender stalls the program that logs while we don't read,
 * and then drops records, so it is always read.
 */
export class FramesIntake implements Intake {
	readonly canWait = false;
	readonly #feed: Feed;
	readonly #splitter = new FrameSplitter();

	constructor(feed: Feed) {
		this.#feed = feed;
	}

	get heldBytes(): number {
		return this.#splitter.heldBytes;
	}

	get problem(): string | undefined {
		return this.#splitter.problem;
	}

	push(chunk: Buffer): void {
		for (const frame of this.#splitter.push(chunk)) {
			addFrame(this.#feed, frame);
		}
		if (this.#splitter.problem !== undefined) {
			this.#feed.addGap({ reason: this.#splitter.problem.replace(/\.$/, ''), toMs: Date.now() });
		}
	}

	end(broken: string | undefined): void {
		if (this.#splitter.problem !== undefined) {
			return;
		}
		const reason =
			this.#splitter.heldBytes > 0 ? 'The connection ended in the middle of a record' : broken;
		if (reason !== undefined) {
			this.#feed.addGap({ reason, toMs: Date.now() });
		}
	}
}

/** Adds the record of one frame; one that can't be decoded becomes a line that says why and shows it. */
export function addFrame(feed: Feed, frame: Buffer): void {
	feed.addOrDrop(() => {
		const reading = recordLine(frame);
		if ('line' in reading) {
			return Buffer.from(`${reading.line}\n`);
		}
		return refusedLine(feed, reading.refused, frame);
	});
}

/** Adds bytes that are no record as a line that says why and shows them. */
export function addRefused(feed: Feed, reason: string, bytes: Buffer): void {
	feed.addOrDrop(() => refusedLine(feed, reason, bytes));
}

function refusedLine(feed: Feed, reason: string, bytes: Buffer): Buffer {
	feed.countRefused();
	const hex = bytes.toString('hex', 0, SHOWN_BYTES);
	return Buffer.from(`${formatRefusedFrame({ reason, bytes: bytes.length, hex })}\n`);
}

import type { PlacedLine } from '../../pipeline/whole-lines.ts';
import type { LineFile } from './line-file.ts';
import { entriesOfLine, timeOfLine } from './stored-line.ts';

/** A stretch of a file is about as long as what is read at once. */
const BLOCK_BYTES = 256 * 1024;

/** Whole lines of a file that follow each other, and what is known of them. */
export interface LineBlock {
	readonly start: number;
	readonly end: number;
	/** How many entries are in them. */
	readonly entries: number;
	/** The earliest and the latest of their times; infinite for none. */
	readonly earliest: number;
	readonly latest: number;
}

/**
 * How many entries a file has, and which times they have where: what questions by time look at
 * first. It is read once, in the order of the file, as far as it is needed.
 */
export class LineBlocks {
	readonly #file: LineFile;
	readonly #blocks: LineBlock[] = [];
	#reading: Promise<void> = Promise.resolve();

	constructor(file: LineFile) {
		this.#file = file;
	}

	/** The blocks of all lines before `end`, in their order; a little more of them may be there. */
	async upTo(end: number): Promise<readonly LineBlock[]> {
		const reading = this.#reading.then(() => this.#readUpTo(end));
		// A failure is told to who asked; the next one tries again.
		this.#reading = reading.catch(() => {});
		await reading;
		return this.#blocks.filter(({ start }) => start < end);
	}

	async #readUpTo(end: number): Promise<void> {
		const known = this.#blocks.at(-1)?.end ?? 0;
		let from = known;
		for await (const piece of this.#file.linesFrom(known, end)) {
			this.#add(this.#blockOf(piece.lines, from, piece.end));
			from = piece.end;
		}
	}

	#add(block: LineBlock): void {
		const last = this.#blocks.at(-1);
		if (last === undefined || block.end - last.start > BLOCK_BYTES) {
			this.#blocks.push(block);
			return;
		}
		// What comes little by little is one block as well.
		this.#blocks[this.#blocks.length - 1] = {
			start: last.start,
			end: block.end,
			entries: last.entries + block.entries,
			earliest: Math.min(last.earliest, block.earliest),
			latest: Math.max(last.latest, block.latest),
		};
	}

	#blockOf(lines: readonly PlacedLine[], start: number, end: number): LineBlock {
		let entries = 0;
		let earliest = Infinity;
		let latest = -Infinity;
		for (const { text } of lines) {
			const time = timeOfLine(text);
			const times =
				time === undefined ? entriesOfLine(text, this.#file.arrival).map(({ ts }) => ts) : [time];
			for (const ts of times) {
				entries++;
				earliest = Math.min(earliest, ts);
				latest = Math.max(latest, ts);
			}
		}
		return { start, end, entries, earliest, latest };
	}
}

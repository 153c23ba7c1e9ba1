import type { Range } from '../segment/range-set.ts';
import type { Segment, SegmentMemory } from '../segment/segment.ts';
import type { SegmentWriter } from '../segment/segment-writer.ts';
import type { Coverage } from '../sqlite/catalogue.ts';
import type { Unsaved } from './committer.ts';

/** A segment that rows are added to, with the bytes of the logs that they were made of. */
export class OpenSegment implements Unsaved {
	readonly writer: SegmentWriter;
	readonly #keepsText: () => boolean;
	readonly #covered = new Map<number, Range[]>();
	isSealed = false;

	/** `keepsText` is asked when it is saved. */
	constructor(writer: SegmentWriter, keepsText: () => boolean) {
		this.writer = writer;
		this.#keepsText = keepsText;
	}

	get id(): number {
		return this.writer.id;
	}

	get keepsText(): boolean {
		return this.#keepsText();
	}

	get generations(): readonly number[] {
		return [...new Set(this.writer.segment().spans.map(({ generation }) => generation))];
	}

	/** Notes that bytes of a log, behind those noted before, are in it. */
	cover(generation: number, { start, end }: Range): void {
		const ranges = this.#covered.get(generation) ?? [];
		const last = ranges.at(-1);
		if (last?.end === start) {
			ranges[ranges.length - 1] = { start: last.start, end };
		} else if (end > start) {
			ranges.push({ start, end });
		}
		this.#covered.set(generation, ranges);
	}

	coverage(): readonly Coverage[] {
		return [...this.#covered].flatMap(([generation, ranges]) =>
			ranges.map((range) => ({ ...range, generation, segment: this.id })),
		);
	}

	segment(): Segment {
		return this.writer.segment();
	}

	memory(): SegmentMemory {
		return this.writer.memory();
	}
}

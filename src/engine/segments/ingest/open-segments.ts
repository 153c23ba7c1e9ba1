import type { IngestContext } from './ingest-context.ts';
import type { OpenSegment } from './open-segment.ts';

/** A segment that takes no more rows may still get more lines of its last entries for a while. */
const REMEMBERED_SEGMENTS = 4;

/** The segments that rows are added to, and those that were closed just now. */
export class OpenSegments {
	readonly #segments = new Map<number, OpenSegment>();

	add(segment: OpenSegment): void {
		this.#segments.set(segment.id, segment);
	}

	get(id: number): OpenSegment | undefined {
		return this.#segments.get(id);
	}

	/** Whether a segment may still get rows, or more lines for those it has. */
	has(id: number): boolean {
		return this.#segments.has(id);
	}

	all(): Iterable<OpenSegment> {
		return this.#segments.values();
	}

	/** Whether a segment may still get rows. */
	isGrowing(id: number): boolean {
		return this.#segments.get(id)?.isSealed === false;
	}

	delete(id: number): void {
		this.#segments.delete(id);
	}

	/** Lets go of those that were closed long ago. */
	forgetSealed(): void {
		const sealed = [...this.#segments.values()].filter(({ isSealed }) => isSealed);
		for (const { id } of sealed.slice(0, -REMEMBERED_SEGMENTS)) {
			this.#segments.delete(id);
		}
	}
}

/** Whether a segment's text is to be kept: the user says so, it was before, or no file has it. */
export function keepsText(
	{ id, generations: ids }: OpenSegment,
	{ policy, index, generations }: IngestContext,
): boolean {
	return (
		policy().keepsText ||
		index.segment(id)?.isTextKept === true ||
		ids.some((log) => generations.has(log) && generations.get(log).place.kind !== 'plain')
	);
}

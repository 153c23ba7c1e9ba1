import type { SourceOf } from '../plan/match-rows.ts';
import type { FoundRows, Tally, TallyKind } from './tally.ts';

/** How many rows are of which source. */
export class SourceTally implements Tally {
	readonly counts = new Map<number, number>();
	readonly #sourceOf: SourceOf;

	constructor(sourceOf: SourceOf) {
		this.#sourceOf = sourceOf;
	}

	static kind(sourceOf: SourceOf): TallyKind<SourceTally> {
		return { name: 'source', create: () => new SourceTally(sourceOf) };
	}

	get bytes(): number {
		return this.counts.size * 32;
	}

	begin(): void {}

	end(): void {}

	add({ held: { segment }, rows, count }: FoundRows): void {
		const { spans } = segment;
		let span = spans.findLastIndex(({ row }) => row <= (rows[0] ?? 0));
		for (let index = 0; index < count; span++) {
			const end = spans[span + 1]?.row ?? Infinity;
			const first = index;
			while (index < count && (rows[index] ?? 0) < end) {
				index++;
			}
			const source = this.#sourceOf(spans[span]?.generation ?? 0) ?? 0;
			if (index > first) {
				this.counts.set(source, (this.counts.get(source) ?? 0) + index - first);
			}
		}
	}
}

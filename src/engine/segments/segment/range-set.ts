/** Bytes [start, end) of a log. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/** Which bytes of a log were stored: ranges in order, neighbours joined. */
export class RangeSet {
	#ranges: Range[];

	constructor(ranges: readonly Range[] = []) {
		this.#ranges = [];
		for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
			this.add(range);
		}
	}

	get ranges(): readonly Range[] {
		return this.#ranges;
	}

	get bytes(): number {
		return this.#ranges.reduce((sum, { start, end }) => sum + end - start, 0);
	}

	/** Throws a `RangeError` if some of it is there already: no byte is stored twice. */
	add({ start, end }: Range): void {
		if (end <= start) {
			return;
		}
		let at = this.#ranges.length;
		while (at > 0 && (this.#ranges[at - 1]?.start ?? 0) >= start) {
			at--;
		}
		const before = this.#ranges[at - 1];
		const after = this.#ranges[at];
		if ((before?.end ?? 0) > start || (after?.start ?? Infinity) < end) {
			throw new RangeError(`bytes ${start} to ${end} are stored already`);
		}
		const joined = {
			start: before?.end === start ? before.start : start,
			end: after?.start === end ? after.end : end,
		};
		const from = before?.end === start ? at - 1 : at;
		const to = after?.start === end ? at + 1 : at;
		this.#ranges.splice(from, to - from, joined);
	}

	/** The parts of a range that are not there, in order. */
	missing({ start, end }: Range): Range[] {
		const missing: Range[] = [];
		let at = start;
		for (const range of this.#ranges) {
			if (range.end > at && range.start < end) {
				if (range.start > at) {
					missing.push({ start: at, end: range.start });
				}
				at = range.end;
			}
		}
		return at < end ? [...missing, { start: at, end }] : missing;
	}
}

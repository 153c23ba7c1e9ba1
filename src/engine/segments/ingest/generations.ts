import type { Range } from '../segment/range-set.ts';
import { RangeSet } from '../segment/range-set.ts';
import { parseGeneration } from '../segment/generation-record.ts';
import { addCounts, NO_COUNTS } from '../segment/line-counts.ts';
import type { GenerationRecord, SavedGeneration, Stretch } from '../segment/generation-record.ts';
import type { LineCounts } from '../segment/line-counts.ts';
import type { Coverage } from '../sqlite/catalogue.ts';
import { hashOf } from '../../file-identity.ts';
import type { FileIdentity, FilePlace } from '../../log-sink.ts';

const HASH_OF_NOTHING = hashOf(new Uint8Array(0));

/** The identity of a log of which nothing was read. */
const NOTHING_READ: FileIdentity = {
	headLength: 0,
	head: HASH_OF_NOTHING,
	tailLength: 0,
	tail: HASH_OF_NOTHING,
	end: 0,
};

/** All logs that were ever seen, what was stored of them, and which of that is not saved yet. */
export class Generations {
	readonly #records = new Map<number, GenerationRecord>();
	readonly #covered = new Map<number, RangeSet>();
	#dirty = new Set<number>();
	/** Those whose file the query thread has to be told of. */
	#moved = new Set<number>();

	constructor(saved: readonly SavedGeneration[], coverage: readonly Coverage[]) {
		for (const generation of saved) {
			this.#records.set(generation.id, parseGeneration(generation));
		}
		for (const { generation, start, end } of coverage) {
			this.covered(generation).add({ start, end });
		}
	}

	of(source: number): readonly GenerationRecord[] {
		return [...this.#records.values()].filter((record) => record.source === source);
	}

	/** Throws if there is no such log. */
	get(id: number): GenerationRecord {
		const record = this.#records.get(id);
		if (record === undefined) {
			throw new RangeError(`there is no log ${id}`);
		}
		return record;
	}

	has(id: number): boolean {
		return this.#records.has(id);
	}

	add(options: {
		readonly id: number;
		readonly source: number;
		readonly place: FilePlace;
		readonly base: number;
		readonly reserved: number;
	}): GenerationRecord {
		const record: GenerationRecord = {
			...options,
			identity: NOTHING_READ,
			isClosed: false,
			isDestroyed: false,
			used: 0,
			left: [],
			counts: NO_COUNTS,
			state: 'fresh',
			gaps: 0,
			lostBytes: 0,
		};
		this.#records.set(record.id, record);
		this.#dirty.add(record.id);
		this.#moved.add(record.id);
		return record;
	}

	change(id: number, change: Partial<GenerationRecord>): void {
		this.#records.set(id, { ...this.get(id), ...change });
		this.#dirty.add(id);
		this.#moved.add(id);
	}

	/** Notes that bytes of a log are stored. Throws if some of them were already. */
	cover(id: number, range: Range, counts?: LineCounts): void {
		this.covered(id).add(range);
		if (counts !== undefined) {
			this.change(id, { counts: addCounts(this.get(id).counts, counts) });
		}
	}

	/** The stored bytes of a log. */
	covered(id: number): RangeSet {
		let set = this.#covered.get(id);
		if (set === undefined) {
			set = new RangeSet();
			this.#covered.set(id, set);
		}
		return set;
	}

	/** What was left of a log and is still to be read, in order. */
	missing(id: number): Stretch[] {
		const { left, isDestroyed } = this.get(id);
		return isDestroyed
			? []
			: left.flatMap((stretch) =>
					this.covered(id)
						.missing(stretch)
						.map((range) => ({ ...range, base: stretch.base + range.start - stretch.start })),
				);
	}

	forget(id: number): void {
		this.#records.delete(id);
		this.#covered.delete(id);
		this.#dirty.delete(id);
		this.#moved.delete(id);
	}

	/** The logs that changed since this was asked last. */
	takeDirty(): GenerationRecord[] {
		const dirty = [...this.#dirty].map((id) => this.get(id));
		this.#dirty = new Set();
		return dirty;
	}

	/** They could not be saved: they have to be again. */
	markDirty(ids: readonly number[]): void {
		for (const id of ids.filter((other) => this.#records.has(other))) {
			this.#dirty.add(id);
		}
	}

	get isDirty(): boolean {
		return this.#dirty.size > 0;
	}

	takeMoved(): GenerationRecord[] {
		const moved = [...this.#moved].map((id) => this.get(id));
		this.#moved = new Set();
		return moved;
	}

	all(): Iterable<GenerationRecord> {
		return this.#records.values();
	}
}

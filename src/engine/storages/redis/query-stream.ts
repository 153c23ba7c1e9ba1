import type { StoragePage, StorageQuery, StoredEntry } from '../log-storage.ts';
import { readTime } from './read-fields.ts';
import type { RedisStream, StreamRange } from './redis-stream.ts';
import { compareIds, idBefore, idOfSeq } from './stream-id.ts';

/** Answers a query by reading the stream backwards. */
export async function queryStream(stream: RedisStream, query: StorageQuery): Promise<StoragePage> {
	const found =
		query.order === 'time' ? await byTime(stream, query) : await byArrival(stream, query);
	const isEnd = found.length <= query.limit;
	return { entries: found.slice(0, query.limit).map((entry) => stream.numbered(entry)), isEnd };
}

/** One more than wanted, if there are so many: where that has to be looked for, it is not. */
async function byArrival(
	stream: RedisStream,
	{ filter, matches, limit, before }: StorageQuery,
): Promise<readonly StoredEntry[]> {
	const newest = before === undefined ? undefined : idBefore(before.id);
	if (before !== undefined && newest === undefined) {
		return [];
	}
	const range = within(numberRange(stream, filter), newest);
	const isAll = Object.values(filter).every((value) => value === undefined);
	const found: StoredEntry[] = [];
	for await (const page of stream.pagesBack(range, isAll ? limit + 1 : undefined)) {
		for (const source of page) {
			const entry = stream.readOne(source);
			if (entry !== undefined && matches(stream.numbered(entry))) {
				found.push(entry);
				if (found.length > limit) {
					return found;
				}
			}
		}
	}
	return found;
}

/**
 * The stream is in order of arrival, and an entry may be as late as it likes: each page is found by
 * looking at the time of every entry, and no more is kept than the page has.
 */
async function byTime(
	stream: RedisStream,
	{ filter, matches, limit, before }: StorageQuery,
): Promise<readonly StoredEntry[]> {
	const newest = new LatestEntries(limit + 1);
	const range = numberRange(stream, filter);
	for await (const page of stream.pagesBack(range)) {
		for (const source of page) {
			const [id] = source;
			const ts = readTime(source);
			if (!newest.takes({ ts, id })) {
				continue;
			}
			// Read in any case: a copy of it may stand behind `before`.
			const entry = stream.readOne(source);
			const isBehind = before === undefined || compare({ ts, id }, before) < 0;
			if (isBehind && entry !== undefined && matches(stream.numbered(entry))) {
				newest.add(entry);
			}
		}
	}
	return newest.sorted();
}

/** Bounds of `seq` are bounds of ids. */
function numberRange(stream: RedisStream, filter: StorageQuery['filter']): StreamRange {
	const { up_to, arrived_after } = filter;
	return stream.hasNumbers
		? {
				...(up_to === undefined ? {} : { newest: idOfSeq(up_to) }),
				...(arrived_after === undefined ? {} : { oldest: idOfSeq(arrived_after + 1) }),
			}
		: {};
}

function within(range: StreamRange, newest: string | undefined): StreamRange {
	const isNarrower =
		newest !== undefined && (range.newest === undefined || compareIds(newest, range.newest) < 0);
	return isNarrower ? { ...range, newest } : range;
}

type TimePlace = Pick<StoredEntry, 'ts' | 'id'>;

function compare(first: TimePlace, second: TimePlace): number {
	return first.ts - second.ts || compareIds(first.id, second.id);
}

/** The latest `limit` of what is added: a heap with the earliest of them on top. */
class LatestEntries {
	readonly #limit: number;
	readonly #heap: StoredEntry[] = [];

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Whether something of this time would be among them. */
	takes(place: TimePlace): boolean {
		const [earliest] = this.#heap;
		return (
			earliest === undefined || this.#heap.length < this.#limit || compare(place, earliest) > 0
		);
	}

	add(entry: StoredEntry): void {
		if (this.#heap.length < this.#limit) {
			this.#heap.push(entry);
			this.#rise(this.#heap.length - 1);
		} else if (this.takes(entry)) {
			this.#heap[0] = entry;
			this.#sink();
		}
	}

	/** The latest first. */
	sorted(): StoredEntry[] {
		return this.#heap.toSorted((a, b) => compare(b, a));
	}

	#rise(from: number): void {
		let at = from;
		while (at > 0) {
			const above = (at - 1) >> 1;
			if (!this.#swapsWith(above, at)) {
				return;
			}
			at = above;
		}
	}

	#sink(): void {
		let at = 0;
		for (;;) {
			const left = 2 * at + 1;
			const right = left + 1;
			const smaller = this.#isBefore(right, left) ? right : left;
			if (smaller >= this.#heap.length || !this.#swapsWith(at, smaller)) {
				return;
			}
			at = smaller;
		}
	}

	/** Puts two into order, the earlier one above; false if they were. */
	#swapsWith(above: number, below: number): boolean {
		const upper = this.#heap[above];
		const lower = this.#heap[below];
		if (upper === undefined || lower === undefined || compare(lower, upper) >= 0) {
			return false;
		}
		this.#heap[above] = lower;
		this.#heap[below] = upper;
		return true;
	}

	#isBefore(first: number, second: number): boolean {
		const one = this.#heap[first];
		const other = this.#heap[second];
		return one !== undefined && other !== undefined && compare(one, other) < 0;
	}
}

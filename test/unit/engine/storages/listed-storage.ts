import type { StorageAbilities } from '#shared/model/storage.ts';
import type {
	LogStorage,
	NewEntry,
	OwnAnswers,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
	StoredEntry,
} from '#engine/storages/log-storage.ts';

/** A storage that is a list, as others may change it: without numbers unless its entries have some. */
export class ListedStorage implements LogStorage {
	readonly abilities: StorageAbilities = {
		durability: 'memory',
		delivery: 'at-least-once',
		follows: 'push',
		isShared: true,
	};
	/** Oldest first. */
	entries: StoredEntry[] = [];
	/** Why nothing can be asked at the moment. */
	failure: string | undefined;
	/** What it answers by itself. */
	own: OwnAnswers = {};
	/** What it was asked. */
	readonly asked: StorageQuery[] = [];
	/** Called before each answer. */
	beforeAnswer: () => void = () => {};
	#follower: StorageFollower | undefined;
	#lastId = 0;

	async append(entries: readonly NewEntry[]): Promise<void> {
		this.add(entries.map((entry) => ({ ...entry, id: `e${++this.#lastId}` })));
	}

	/** Others append; `all`: what there is then, if it is not these behind the others. */
	add(entries: readonly StoredEntry[], all = [...this.entries, ...entries]): void {
		this.entries = all;
		this.#follower?.onEntries(entries);
	}

	/** Others change what is there. */
	change(entries: readonly StoredEntry[]): void {
		this.entries = [...entries];
		this.#follower?.onReset();
	}

	async query(query: StorageQuery): Promise<StoragePage> {
		this.beforeAnswer();
		this.asked.push(query);
		if (this.failure !== undefined) {
			throw new Error(this.failure);
		}
		const { matches, order, limit, before } = query;
		const newestFirst = this.entries.toReversed();
		const inOrder = order === 'time' ? newestFirst.toSorted((a, b) => b.ts - a.ts) : newestFirst;
		const from = before === undefined ? 0 : inOrder.findIndex(({ id }) => id === before.id) + 1;
		const found = inOrder.slice(from).filter(matches);
		return { entries: found.slice(0, limit), isEnd: found.length <= limit };
	}

	async stats(): Promise<StorageStats> {
		return { size: this.entries.length };
	}

	async follow(follower: StorageFollower): Promise<() => Promise<void>> {
		this.#follower = follower;
		return async () => {
			this.#follower = undefined;
		};
	}

	async close(): Promise<void> {}
}

/**
 * Filters of which something is kept. A view asks with one, but there may be many views: a search
 * whose results were forgotten before it is asked again would never end.
 */
const KEPT_KEYS = 64;

/** Something for each of the keys used last. */
export class RecentKeys<T> {
	readonly #create: () => T;
	/** The one used last stands last. */
	readonly #kept = new Map<string, T>();

	constructor(create: () => T) {
		this.#create = create;
	}

	/** What is kept for a key, new if there is nothing. */
	use(key: string): T {
		const kept = this.#kept.get(key) ?? this.#create();
		this.#kept.delete(key);
		this.#kept.set(key, kept);
		for (const oldest of this.#kept.keys()) {
			if (this.#kept.size <= KEPT_KEYS) {
				break;
			}
			this.#kept.delete(oldest);
		}
		return kept;
	}

	all(): Iterable<T> {
		return this.#kept.values();
	}
}

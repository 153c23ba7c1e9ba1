/** So many entries are remembered at least, twice as many at most. */
const REMEMBERED = 50_000;

/**
 * Which entries were told, by what they are recognised by (`writer:number`), and under which id: so
 * that one that is in the stream twice shows once, and always as the one that was told first. An
 * entry is offered again only with the last batch of its writer, so both stand near each other; the
 * last 50,000 entries read are remembered at least.
 */
export class ToldEntries {
	#newer = new Map<string, string>();
	#older = new Map<string, string>();

	/** Whether it is to be told: it is no other copy of one that was. */
	tells(origin: string, id: string): boolean {
		const told = this.#newer.get(origin) ?? this.#older.get(origin);
		if (told === undefined) {
			this.#remember(origin, id);
		}
		return told === undefined || told === id;
	}

	/** Some of them left, and another copy may be what is left of one. */
	forget(): void {
		this.#newer.clear();
		this.#older.clear();
	}

	#remember(origin: string, id: string): void {
		if (this.#newer.size >= REMEMBERED) {
			this.#older = this.#newer;
			this.#newer = new Map();
		}
		this.#newer.set(origin, id);
	}
}

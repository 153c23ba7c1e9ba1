import type { Problem } from '#shared/api/engine.ts';

/** What the user should know about, each by a key of its own, until it is over or dismissed. */
export class Problems {
	readonly #byKey = new Map<string, Problem>();
	readonly #onChange: (problems: readonly Problem[]) => void;
	#nextId = 1;

	constructor(onChange: (problems: readonly Problem[]) => void) {
		this.#onChange = onChange;
	}

	get list(): readonly Problem[] {
		return [...this.#byKey.values()];
	}

	set(key: string, message: string): void {
		if (this.#byKey.get(key)?.message !== message) {
			this.#byKey.set(key, { id: this.#nextId++, message });
			this.#onChange(this.list);
		}
	}

	clear(key: string): void {
		if (this.#byKey.delete(key)) {
			this.#onChange(this.list);
		}
	}

	dismiss(id: number): void {
		for (const [key, problem] of this.#byKey) {
			if (problem.id === id) {
				this.clear(key);
			}
		}
	}
}

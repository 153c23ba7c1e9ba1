import type { StorageFollower, StoredEntry } from '#engine/storages/log-storage.ts';

/** What a follower of a storage was told. */
export class Heard implements StorageFollower {
	readonly entries: StoredEntry[] = [];
	resets = 0;
	problem: string | undefined;

	get messages(): readonly string[] {
		return this.entries.map(({ message }) => message);
	}

	onEntries(entries: readonly StoredEntry[]): void {
		this.entries.push(...entries);
	}

	onReset(): void {
		this.resets++;
	}

	onProblem(message: string | undefined): void {
		this.problem = message;
	}
}

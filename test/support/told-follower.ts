import type { StorageFollower, StoredEntry } from '#engine/storages/log-storage.ts';

/** Notes what a follower is told. */
export class ToldFollower implements StorageFollower {
	readonly entries: StoredEntry[] = [];
	readonly problems: (string | undefined)[] = [];
	resets = 0;

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
		this.problems.push(message);
	}
}

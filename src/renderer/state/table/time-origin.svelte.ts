import type { EntryRow } from '#shared/model/entry.ts';

/** The entry that the times of others are counted from, instead of the row before each. */
export class TimeOrigin {
	/** Its time in microseconds since 1970. */
	ts: number | undefined = $state();
	/** Which entry it is. */
	seq: number | undefined = $state();

	get isSet(): boolean {
		return this.seq !== undefined;
	}

	/** Counts from this entry; called again with the same one, from the row before again. */
	toggle(row: Pick<EntryRow, 'seq' | 'ts'>): void {
		if (this.seq === row.seq) {
			this.clear();
		} else {
			this.seq = row.seq;
			this.ts = row.ts;
		}
	}

	clear(): void {
		this.seq = undefined;
		this.ts = undefined;
	}
}

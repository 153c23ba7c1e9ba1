import { copyRows, createColumns } from './columns.ts';
import type { Columns } from './columns.ts';

/** A row's values, one for each column. */
export type Row = {
	readonly [name in Exclude<keyof Columns, 'buffer' | 'capacity'>]: number;
};

/** Columns that take any number of rows, and are used again and again. */
export class GrowingColumns {
	columns = createColumns(1_024);
	count = 0;

	clear(): void {
		this.count = 0;
	}

	/** Makes room for `more` rows. */
	reserve(more: number): void {
		if (this.count + more > this.columns.capacity) {
			const grown = createColumns(Math.max(this.count + more, this.columns.capacity * 2));
			copyRows(this.columns, 0, this.count, grown, 0);
			this.columns = grown;
		}
	}

	push(row: Row): void {
		this.reserve(1);
		const { columns } = this;
		const at = this.count++;
		columns.ts[at] = row.ts;
		columns.end[at] = row.end;
		columns.logger[at] = row.logger;
		columns.task[at] = row.task;
		columns.level[at] = row.level;
		columns.part[at] = row.part;
		columns.flags[at] = row.flags;
		columns.messageStart[at] = row.messageStart;
		columns.messageLength[at] = row.messageLength;
	}

	/** Moves the end of the rows of the last line, and sets flags in them. */
	extendLast(end: number, flags: number): void {
		for (let at = this.count - 1, isMore = true; isMore && at >= 0; at--) {
			this.columns.end[at] = end;
			this.columns.flags[at] = (this.columns.flags[at] ?? 0) | flags;
			isMore = (this.columns.part[at] ?? 0) > 0;
		}
	}
}

import { recordJson } from '#shared/format/record-json.ts';
import type { EntryWriter } from './entry-writer.ts';
import type { Output } from './output.ts';
import type { RowInExport } from './row-in-export.ts';

/** AsyncZ's records, one a line. What is one already stays as it was written, nulls and all. */
export class RecordLines implements EntryWriter {
	readonly readsText = true;
	readonly mustFlush = false;
	missing = 0;

	begin(): void {}

	write(row: RowInExport, out: Output): void {
		const line = row.record();
		if (line !== undefined) {
			out.bytes(line);
			out.newline();
			return;
		}
		const message = row.message();
		if (message === undefined) {
			this.missing++;
			return;
		}
		const { ts, level, logger, task_id, extra, extraProblem, exception, raw } = row.entry();
		const columns = { ts, level, logger, task_id, message };
		out.text(recordJson({ ...columns, extra, extraProblem, exception, raw }));
		out.newline();
	}

	flush(): void {}
}

import { recordJson } from '#shared/format/record-json.ts';
import type { EntryWriter } from './entry-writer.ts';
import type { Output } from './output.ts';
import type { ExportedEntry } from './exported-entry.ts';

/** AsyncZ's records, one a line. What is one already stays as it was written, nulls and all. */
export class RecordLines implements EntryWriter {
	readonly readsText = true;
	readonly mustFlush = false;
	missing = 0;

	begin(): void {}

	write(entry: ExportedEntry, out: Output): void {
		const line = entry.record();
		if (line !== undefined) {
			out.bytes(line);
			out.newline();
			return;
		}
		const message = entry.message();
		if (message === undefined) {
			this.missing++;
			return;
		}
		const { ts, level, logger, task_id, extra, extraProblem, exception, raw } = entry.entry();
		const columns = { ts, level, logger, task_id, message };
		out.text(recordJson({ ...columns, extra, extraProblem, exception, raw }));
		out.newline();
	}

	flush(): void {}
}

import { previewOf } from '#shared/model/entry.ts';
import type { QueryEntry } from '#shared/query/entry-fields.ts';

/** What is larger is not kept: it is no list of fields. */
const MAX_EXTRA = 64 * 1024;

/** An entry as a sample keeps it, whatever it is read from: long texts are cut. */
export function sampledEntry(read: QueryEntry): QueryEntry {
	const { seq, ts, level, severity, logger, task_id, source, flags } = read;
	const { message, extra, exception } = read;
	return {
		seq,
		ts,
		level,
		severity,
		logger,
		task_id,
		source,
		flags,
		message: previewOf(message),
		exception: exception === undefined ? undefined : previewOf(exception),
		extra: (extra?.length ?? 0) > MAX_EXTRA ? undefined : extra,
	};
}

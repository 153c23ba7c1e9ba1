import { EntryFlag } from '#shared/model/entry.ts';
import { MUST_DECODE, RowFlag, trimColumns, viewColumns } from '../segment/columns.ts';
import { levelText } from '../segment/dictionary.ts';
import type { Dictionary } from '../segment/dictionary.ts';
import { decodeBytes, standsIn } from '../segment/decode-bytes.ts';
import { ERROR, timesOf } from '../segment/row-summary.ts';
import { FILTER_ROWS } from '../segment/segment.ts';
import type { RereadJob, RereadResult } from './scan-api.ts';

/** Flags that say how a row was found, whatever is read out of it. */
const KEPT_FLAGS = EntryFlag.continued | EntryFlag.cutLine | RowFlag.hidden;

/**
 * Reads the rows of some logs anew from their text: which lines make a row stays, what is read out
 * of them changes. Their columns are the thread's own ids then.
 */
export function rereadRows(
	job: RereadJob,
	dictionary: Dictionary,
): Omit<RereadResult, 'texts' | 'known'> {
	const { segment, text, mapping } = job;
	const ids = new Set(job.generations);
	const columns = trimColumns(viewColumns(job.memory.columns, job.memory.capacity), segment.rows);
	const odd = new Uint8Array(job.memory.odd);
	const changed = new Uint8Array(segment.rows);
	const quarantined = new Map<number, number>();
	let { errors, maxSeverity } = segment;
	for (const [index, span] of segment.spans.entries()) {
		const to = segment.spans[index + 1]?.row ?? segment.rows;
		let entries: ReturnType<typeof decodeBytes>['entries'] = [];
		let line = '';
		for (let row = span.row; ids.has(span.generation) && row < to; row++) {
			const flags = columns.flags[row] ?? 0;
			if ((flags & (EntryFlag.gap | RowFlag.hidden)) !== 0) {
				continue;
			}
			const part = columns.part[row] ?? 0;
			if (part === 0) {
				const start = row === 0 ? 0 : (columns.end[row - 1] ?? 0);
				const bytes = text.subarray(start, columns.end[row] ?? start);
				({ entries, text: line } = decodeBytes(bytes, {
					arrival: columns.ts[row] ?? 0,
					mapping,
				}));
			}
			const entry = entries[part];
			if (entry === undefined) {
				continue;
			}
			changed[row] = 1;
			const before = job.severities[columns.level[row] ?? 0] ?? 0;
			errors += (entry.severity >= ERROR ? 1 : 0) - (before >= ERROR ? 1 : 0);
			maxSeverity = Math.max(maxSeverity, entry.severity);
			// A line that was cut is no better for being read again.
			const cut = (flags & EntryFlag.cutLine) === 0 ? 0 : EntryFlag.quarantined;
			const found = entry.flags | cut;
			const isQuarantined = (found & EntryFlag.quarantined) !== 0;
			const more = (isQuarantined ? 1 : 0) - ((flags & EntryFlag.quarantined) !== 0 ? 1 : 0);
			quarantined.set(span.generation, (quarantined.get(span.generation) ?? 0) + more);
			columns.ts[row] = entry.ts;
			columns.level[row] = dictionary.idOf('level', levelText(entry.level, entry.severity));
			columns.logger[row] = dictionary.idOf('logger', entry.logger);
			columns.task[row] = dictionary.idOf('task', entry.task_id ?? '');
			// Where the message stands is found out when it is searched for.
			const isComposed = !standsIn(entry.message, line);
			columns.flags[row] = found | (flags & KEPT_FLAGS) | (isComposed ? RowFlag.composed : 0);
			columns.messageStart[row] = MUST_DECODE;
			columns.messageLength[row] = MUST_DECODE;
			if (isComposed) {
				odd[Math.floor(row / FILTER_ROWS)] = 1;
			}
		}
	}
	return {
		segment: {
			...segment,
			version: segment.version + 1,
			errors,
			maxSeverity,
			...timesOf(columns, segment.rows),
		},
		memory: { ...job.memory, columns: columns.buffer, capacity: segment.rows },
		changed,
		quarantined: [...quarantined],
	};
}

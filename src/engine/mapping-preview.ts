import type { MappingPreview } from '#shared/api/engine.ts';
import { EntryFlag, previewOf } from '#shared/model/entry.ts';
import type { EntryRow, LogEntry } from '#shared/model/entry.ts';
import type { Mapping } from '#shared/model/mapping.ts';
import { decodeEntry } from './pipeline/decode-entry.ts';
import type { ActiveStorage } from './active-storage.ts';

/** What is asked of a source's columns. */
export interface MappingChange {
	readonly id: number;
	readonly mapping: Mapping;
}

const MAX_PREVIEWS = 20;
/** Among so many of the newest entries JSON lines are looked for. */
const LOOKED_AT = 200;

/**
 * How stored entries of a source would read with a mapping: its newest JSON lines, up to 20, the
 * entry `seq` first if one is given.
 */
export async function previewMapping(
	storage: ActiveStorage,
	{ id, mapping, seq }: MappingChange & { readonly seq?: number },
): Promise<readonly MappingPreview[]> {
	const rows = await newestRows(storage, id);
	const seqs = new Set([...(seq === undefined ? [] : [seq]), ...rows.map((row) => row.seq)]);
	const previews: MappingPreview[] = [];
	for (const one of seqs) {
		const entry = previews.length < MAX_PREVIEWS ? await storage.get(one) : undefined;
		if (entry !== undefined && entry.source === id && /^\s*\{/.test(entry.raw)) {
			previews.push(previewOne(entry, mapping, await partOf(storage, entry)));
		}
	}
	return previews;
}

/** Asked again until all of them are told: long lines take more than one answer. */
async function newestRows(storage: ActiveStorage, source: number): Promise<readonly EntryRow[]> {
	for (;;) {
		const { rows, complete } = await storage.query({ source, limit: LOOKED_AT });
		if (complete) {
			return rows;
		}
	}
}

/** Which of the entries of its line an entry is: those of one line have its offset, in their order. */
async function partOf(storage: ActiveStorage, { seq, file, offset }: LogEntry): Promise<number> {
	for (let part = 0; ; part++) {
		const before = await storage.get(seq - part - 1);
		if (before?.file !== file || before.offset !== offset) {
			return part;
		}
	}
}

function previewOne(entry: LogEntry, mapping: Mapping, part: number): MappingPreview {
	const { seq, ts, level, severity, logger, task_id, message, source, flags, raw } = entry;
	const before: EntryRow = {
		seq,
		ts,
		level,
		severity,
		logger,
		...(task_id === undefined ? {} : { task_id }),
		message: previewOf(message),
		source,
		flags,
	};
	const decoded = decodeEntry(raw, { arrival: ts, mapping })[part];
	if (decoded === undefined) {
		return { raw, before, after: before };
	}
	const after: EntryRow = {
		seq,
		ts: decoded.ts,
		level: decoded.level,
		severity: decoded.severity,
		logger: decoded.logger,
		...(decoded.task_id === undefined ? {} : { task_id: decoded.task_id }),
		message: previewOf(decoded.message),
		source,
		flags: decoded.flags | (flags & EntryFlag.continued),
	};
	return { raw, before, after };
}

import { addLedgers, EMPTY_LEDGER } from '#shared/model/source.ts';
import type { Ledger, SourceFile } from '#shared/model/source.ts';
import type { FileProgress } from './sources/follower-progress.ts';
import type { GenerationRecord } from './segments/segment/generation-record.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';

/**
 * The logs of a source with their accounts: what the storage knows of each, and what following it
 * says of its file. The one seen last stands first.
 */
export function sourceFiles(
	files: readonly FileProgress[],
	records: readonly GenerationRecord[],
	storage: SegmentStorage,
): readonly SourceFile[] {
	const byLog = new Map(files.map((file) => [file.generation, file]));
	const logs = records
		.map((record) => logFile(record, byLog.get(record.id), storage))
		.sort((a, b) => b.id - a.id);
	const others = files
		.filter(({ generation }) => generation === undefined)
		.map((file, index): SourceFile => {
			const { path, kind, state, message, sizeBytes, heldBytes } = file;
			return {
				id: -1 - index,
				path,
				kind,
				state,
				...(message === undefined ? {} : { message }),
				ledger: {
					...EMPTY_LEDGER,
					size_bytes: sizeBytes,
					held_bytes: heldBytes,
					unread_bytes: sizeBytes - heldBytes,
				},
			};
		});
	return [...others, ...logs];
}

/**
 * The files of a feed: a journal that is stored leaves, and there may be thousands of those. They
 * are shown as one, as if it were the feed's folder.
 */
export function withOneGone(files: readonly SourceFile[], folder: string): readonly SourceFile[] {
	const there = files.filter(({ state }) => state !== 'gone');
	const [newest, ...older] = files.filter(({ state }) => state === 'gone');
	return newest === undefined
		? files
		: [
				...there,
				{
					...newest,
					path: folder,
					ledger: addLedgers([newest, ...older].map(({ ledger }) => ledger)),
				},
			];
}

function logFile(
	record: GenerationRecord,
	file: FileProgress | undefined,
	storage: SegmentStorage,
): SourceFile {
	const { id, place } = record;
	const message = file?.message;
	return {
		id,
		path: file?.path ?? place.path,
		kind: file?.kind ?? place.kind,
		state: file?.state ?? 'gone',
		...(message === undefined ? {} : { message }),
		ledger: ledgerOf(record, file, storage),
	};
}

function ledgerOf(
	{ id, counts, gaps, lostBytes, isDestroyed }: GenerationRecord,
	file: FileProgress | undefined,
	{ generations }: SegmentStorage,
): Ledger {
	const read = generations.covered(id).bytes;
	const left = generations.missing(id).reduce((sum, { start, end }) => sum + end - start, 0);
	// Of a file that is gone or overwritten, what was read of it is all there is; that of one that
	// grows may be known before it is told how large the file is now.
	const known = read + left;
	const size = file === undefined || isDestroyed ? known : Math.max(file.sizeBytes, known);
	const held = Math.min(file?.heldBytes ?? 0, size - known);
	const ahead = size - known - held;
	return {
		size_bytes: size,
		read_bytes: read,
		held_bytes: held,
		unread_bytes: left + ahead,
		lines: counts.lines,
		entries: counts.entries,
		quarantined: counts.quarantined,
		joined_lines: counts.joined,
		extra_entries: counts.extra,
		gaps: gaps + counts.gaps,
		lost_bytes: lostBytes,
	};
}

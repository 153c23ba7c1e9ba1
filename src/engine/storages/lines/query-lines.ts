import type { StorageQuery, StoragePage, StoredEntry } from '../log-storage.ts';
import type { LineBlock } from './line-blocks.ts';
import type { LineFile } from './line-file.ts';
import { entriesOfLine } from './stored-line.ts';
import type { LineEntry } from './stored-line.ts';

/** Where an entry stands: in which file, at which byte its line begins, which of its line it is. */
export interface LinePlace {
	readonly file: LineFile;
	readonly offset: number;
	readonly part: number;
}

/** An entry of a file as its storage gives it back. */
export type NameEntry = (entry: LineEntry, place: LinePlace) => StoredEntry;

/** Files of one log, the oldest first, up to which byte each is looked at, and how entries are called. */
export interface LinesToQuery {
	readonly files: readonly { readonly file: LineFile; readonly end: number }[];
	readonly name: NameEntry;
}

interface Found {
	readonly entry: StoredEntry;
	/** Rising in the order of arrival. */
	readonly rank: number;
	readonly offset: number;
	readonly part: number;
}

/** A page of entries; `before`: the place of the last one of the page before. */
export async function queryLines(
	lines: LinesToQuery,
	query: StorageQuery,
	before: LinePlace | undefined,
): Promise<StoragePage> {
	const found =
		query.order === 'time'
			? await latest(lines, query, before)
			: await newest(lines, query, before);
	return {
		entries: found.slice(0, query.limit).map(({ entry }) => entry),
		isEnd: found.length <= query.limit,
	};
}

/** One more than were asked for, if there are so many: so it is known whether that is all. */
async function newest(
	{ files, name }: LinesToQuery,
	{ matches, limit }: StorageQuery,
	before: LinePlace | undefined,
): Promise<readonly Found[]> {
	const found: Found[] = [];
	const first = before === undefined ? files.length - 1 : rankOf(files, before);
	for (let rank = first; rank >= 0; rank--) {
		const at = files[rank];
		if (at === undefined) {
			continue;
		}
		const isBehind = before !== undefined && rank === first;
		if (isBehind && before.part > 0) {
			// Those of the same line that stand before it.
			const own = await at.file.linesFrom(before.offset, at.end).next();
			const line = own.done === true ? undefined : own.value.lines[0];
			const entries = entriesIn(line === undefined ? [] : [line], at.file, rank, name);
			found.push(...entries.filter(({ part, entry }) => part < before.part && matches(entry)));
		}
		for await (const lines of at.file.linesBefore(isBehind ? before.offset : at.end)) {
			for (const item of entriesIn(lines, at.file, rank, name)) {
				if (matches(item.entry) && found.push(item) > limit) {
					return found;
				}
			}
		}
	}
	return found;
}

/** Blocks are read from the latest one on, until none that is left can have a later entry. */
async function latest(
	{ files, name }: LinesToQuery,
	{ matches, limit, before: cursor }: StorageQuery,
	before: LinePlace | undefined,
): Promise<readonly Found[]> {
	const blocks: (LineBlock & { readonly rank: number })[] = [];
	for (const [rank, { file, end }] of files.entries()) {
		for (const block of await file.blocks.upTo(end)) {
			if (block.entries > 0 && (cursor === undefined || block.earliest <= cursor.ts)) {
				blocks.push({ ...block, rank });
			}
		}
	}
	blocks.sort((one, other) => other.latest - one.latest);
	const last =
		cursor === undefined || before === undefined
			? undefined
			: { entry: cursor, rank: rankOf(files, before), offset: before.offset, part: before.part };
	let found: Found[] = [];
	for (const { rank, start, end, latest: time } of blocks) {
		const worst = found[limit];
		if (worst !== undefined && time < worst.entry.ts) {
			break;
		}
		const at = files[rank];
		if (at === undefined) {
			continue;
		}
		for await (const piece of at.file.linesFrom(start, Math.min(end, at.end))) {
			const items = entriesIn(piece.lines, at.file, rank, name);
			found.push(
				...items.filter(
					(item) => (last === undefined || byTime(item, last) > 0) && matches(item.entry),
				),
			);
		}
		found.sort(byTime);
		found = found.slice(0, limit + 1);
	}
	return found;
}

/** Negative if the first one is told before the other: it is later, or as late and came later. */
function byTime(one: Found, other: Found): number {
	return (
		other.entry.ts - one.entry.ts ||
		other.rank - one.rank ||
		other.offset - one.offset ||
		other.part - one.part
	);
}

/** -1 for one that is there no longer: only what is older could stand behind it, and left before. */
function rankOf(files: LinesToQuery['files'], place: LinePlace): number {
	return files.findIndex(({ file }) => file === place.file);
}

/** Of each line its last entry first, which is the order in which `linesBefore` has the lines. */
function entriesIn(
	lines: readonly { readonly text: string; readonly offset: number }[],
	file: LineFile,
	rank: number,
	name: NameEntry,
): readonly Found[] {
	const found: Found[] = [];
	for (const { text, offset } of lines) {
		const entries = entriesOfLine(text, file.arrival);
		for (let part = entries.length - 1; part >= 0; part--) {
			const entry = entries[part];
			if (entry !== undefined) {
				found.push({ entry: name(entry, { file, offset, part }), rank, offset, part });
			}
		}
	}
	return found;
}

import type { EntryRow } from '#shared/model/entry.ts';
import type { Level } from '#shared/model/level.ts';
import { severityOf } from '#shared/model/level.ts';
import type { Filter } from '#shared/model/query.ts';
import type { ResultSet } from '../result/result-set.svelte.ts';

/** The first entry below one (or that one itself, if not `isStrict`) of at least this level. */
export async function findOlder(
	set: ResultSet,
	level: Level,
	start: EntryRow,
	isStrict: boolean,
): Promise<EntryRow | undefined> {
	const filter = atLeast(set, level);
	if (set.order === 'arrival') {
		const upTo = isStrict ? start.seq - 1 : start.seq;
		return (await set.queryFully({ ...filter, up_to: upTo, limit: 1, offset: 0 }))?.[0];
	}
	const above = await set.countAbove(start, filter);
	const isItself = start.severity >= severityOf(filter.min_level ?? level);
	return above === undefined
		? undefined
		: rowAt(set, filter, isStrict && isItself ? above + 1 : above);
}

/** The first entry above one of at least this level. */
export async function findNewer(
	set: ResultSet,
	level: Level,
	start: EntryRow,
): Promise<EntryRow | undefined> {
	const filter = atLeast(set, level);
	const above = await set.countAbove(start, filter);
	return above === undefined || above === 0 ? undefined : rowAt(set, filter, above - 1);
}

async function rowAt(
	set: ResultSet,
	filter: Filter,
	offset: number,
): Promise<EntryRow | undefined> {
	return (await set.rowsOf(filter, { limit: 1, offset }))?.[0];
}

function atLeast(set: ResultSet, level: Level): Filter {
	const asked = set.filter.min_level;
	const isHigher = asked !== undefined && severityOf(asked) > severityOf(level);
	return { ...set.filter, min_level: isHigher ? asked : level };
}

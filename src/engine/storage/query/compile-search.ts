import { severityOf } from '#shared/model/level.ts';
import { normalizeFilter } from '#shared/model/query.ts';
import type { Filter } from '#shared/model/query.ts';
import { gramBits, longestSafeRun } from '../../scan/grams.ts';
import type { Dictionary } from '../segment/dictionary.ts';
import { levelOfText } from '../segment/dictionary.ts';

/** What a message must contain, in all the forms the steps of a search need. */
export interface TextSearch {
	/** Lower case. */
	readonly needle: string;
	/** The needle's bytes where it is ASCII: then it can be found in plain messages as it is. */
	readonly bytes: Uint8Array | undefined;
	/** What a line must contain as bytes if its message contains the needle; `undefined`: nothing. */
	readonly run: Uint8Array | undefined;
	/** The bits that the filter of a block must have. */
	readonly grams: Uint32Array | undefined;
}

/** A filter in terms of columns. */
export interface Search {
	readonly filter: Filter;
	/** Which filter this is, whatever its `up_to`. */
	readonly key: string;
	/** By level id: 1 if rows of it may match. */
	readonly levels: Uint8Array | undefined;
	/** The task's id; -1: no row can have it. */
	readonly task: number | undefined;
	readonly text: TextSearch | undefined;
	/** Whether every row matches that is not hidden. */
	readonly isEverything: boolean;
}

/** Says what a filter means for the columns: `matchFilter` says which entries those are. */
export function compileSearch(given: Filter, dictionary: Dictionary): Search {
	const filter = normalizeFilter(given);
	const { up_to: _, ...rest } = filter;
	return {
		filter,
		key: JSON.stringify(rest),
		levels: levelTable(filter, dictionary),
		task:
			filter.task_id === undefined ? undefined : (dictionary.find('task', filter.task_id) ?? -1),
		text: filter.q === undefined ? undefined : textSearch(filter.q),
		isEverything: Object.keys(rest).length === 0,
	};
}

function levelTable({ level, min_level }: Filter, dictionary: Dictionary): Uint8Array | undefined {
	if (level === undefined && min_level === undefined) {
		return undefined;
	}
	const minimum = min_level === undefined ? -Infinity : severityOf(min_level);
	const table = new Uint8Array(dictionary.count('level') + 1);
	for (let id = 1; id < table.length; id++) {
		const known = levelOfText(dictionary.text('level', id));
		const isLevel = level === undefined || known.level.toUpperCase() === level;
		table[id] = isLevel && known.severity >= minimum ? 1 : 0;
	}
	return table;
}

function textSearch(q: string): TextSearch {
	const needle = q.toLowerCase();
	const bytes = Buffer.from(needle);
	const run = longestSafeRun(needle);
	return {
		needle,
		bytes: bytes.length === needle.length && !needle.includes('\0') ? bytes : undefined,
		run: run === '' ? undefined : Buffer.from(run),
		grams: gramBits(bytes),
	};
}

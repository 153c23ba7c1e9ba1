import { follow, stateAfter } from '#engine/pipeline/join-lines.ts';
import type { JoinState } from '#engine/pipeline/join-lines.ts';
import type { PlacedLine } from '#engine/pipeline/whole-lines.ts';

/** A line with the lines after it that belong to it. */
export interface LineGroup {
	readonly head: PlacedLine;
	/** The following lines of a traceback, in order. */
	readonly rest: readonly PlacedLine[];
}

export interface JoinedLines {
	/** Lines at the beginning that belong to the entry before these lines. */
	readonly before: readonly PlacedLine[];
	readonly groups: readonly LineGroup[];
}

/**
 * Puts a traceback's lines behind the entry they follow, and drops empty lines between entries.
 * Goes on from `state` and returns the state to go on from; after `fresh` the first line begins an
 * entry, whatever it looks like.
 */
export function joinLines(
	lines: readonly PlacedLine[],
	state: JoinState,
): JoinedLines & { readonly state: JoinState } {
	const before: PlacedLine[] = [];
	const groups: { head: PlacedLine; rest: PlacedLine[] }[] = [];
	for (const line of lines) {
		const next = follow(line.text, state);
		if (next !== undefined) {
			(groups.at(-1)?.rest ?? before).push(line);
			state = next;
		} else if (line.text !== '') {
			groups.push({ head: line, rest: [] });
			state = stateAfter(line.text);
		}
	}
	return { before, groups, state };
}

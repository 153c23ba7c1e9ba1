import type { RawLine } from './line-splitter.ts';

/** A line with the lines after it that belong to it. */
export interface LineGroup {
	readonly head: RawLine;
	/** The following lines of a traceback, in order. */
	readonly rest: readonly RawLine[];
}

export interface JoinedLines {
	/** Lines at the beginning that belong to the entry before these lines. */
	readonly before: readonly RawLine[];
	readonly groups: readonly LineGroup[];
}

/**
 * Where in a traceback the last line was:
 * - `fresh`: nothing has come yet, so that nothing can be continued
 * - `none`: in no traceback
 * - `frames`: a header was seen; the exception's own line is still to come
 * - `ended`: the exception's line was the last one; a chained one may follow
 */
export type JoinState = 'fresh' | 'none' | 'frames' | 'ended';

const HEADER = /^Traceback \(most recent call last\):/;
const CHAIN =
	/^(?:During handling of the above exception|The above exception was the direct cause|Caused by: )/;
const EXCEPTION_LINE = /^[A-Za-z_][\w.]*(?:\(\))?(?::|$)/;
const INDENTED = /^[ \t]/;

/**
 * Puts a traceback's lines behind the entry they follow, and drops empty lines between entries.
 * Goes on from `state` and returns the state to go on from; after `fresh` the first line begins an
 * entry, whatever it looks like.
 */
export function joinLines(
	lines: readonly RawLine[],
	state: JoinState,
): JoinedLines & { readonly state: JoinState } {
	const before: RawLine[] = [];
	const groups: { head: RawLine; rest: RawLine[] }[] = [];
	for (const line of lines) {
		const next = follow(line.text, state);
		if (next !== undefined) {
			(groups.at(-1)?.rest ?? before).push(line);
			state = next;
		} else if (line.text !== '' || line.bytes !== undefined) {
			groups.push({ head: line, rest: [] });
			state = HEADER.test(line.text) ? 'frames' : 'none';
		}
	}
	return { before, groups, state };
}

/** The state after a line that continues the entry before it; `undefined` if it begins a new one. */
function follow(text: string, state: JoinState): JoinState | undefined {
	if (state === 'fresh') {
		return undefined;
	}
	if (HEADER.test(text)) {
		return 'frames';
	}
	if (CHAIN.test(text)) {
		return state === 'none' ? undefined : 'ended';
	}
	if (text.trim() === '') {
		return state === 'none' ? undefined : state;
	}
	if (INDENTED.test(text)) {
		// An object may stand indented in a log; in a traceback it is a line of source code.
		return state === 'none' && text.trimStart().startsWith('{') ? undefined : state;
	}
	return state === 'frames' && EXCEPTION_LINE.test(text) ? 'ended' : undefined;
}

/**
 * The index of the first line that surely begins an entry, for reading from the middle of a file:
 * the lines before it may belong to an entry further up. A JSON object is surest; among lines of
 * plain text, one that no traceback contains. 0 if there is none.
 */
export function findEntryStart(lines: readonly RawLine[]): number {
	const object = lines.findIndex(({ text }) => text.startsWith('{'));
	if (object !== -1) {
		return object;
	}
	return Math.max(
		lines.findIndex(({ text }) => follow(text, 'frames') === undefined),
		0,
	);
}

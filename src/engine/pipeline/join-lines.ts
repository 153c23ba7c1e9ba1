import { docker } from './formats/docker.ts';
import { readRecord } from './json-record.ts';
import type { PlacedLine } from './whole-lines.ts';

/**
 * Where in a traceback the last line was:
 * - `fresh`: nothing has come yet, so that nothing can be continued
 * - `none`: in no traceback
 * - `frames`: a header was seen; the exception's own line is still to come
 * - `ended`: the exception's line was the last one; a chained one may follow
 */
type TextState = 'fresh' | 'none' | 'frames' | 'ended';

/** The same for the lines of a program that Docker has wrapped one by one. */
interface DockerState {
	readonly stream: string;
	readonly text: TextState;
	/** For a line that is not complete yet: how many of the other stream came between. */
	readonly open?: number;
}

/** Whether a next line can belong to the entry before it. Plain data; `fresh` at the beginning. */
export type JoinState = TextState | DockerState;

const HEADER = /^Traceback \(most recent call last\):/;
const CHAIN =
	/^(?:During handling of the above exception|The above exception was the direct cause|Caused by: )/;
const EXCEPTION_LINE = /^[A-Za-z_][\w.]*(?:\(\))?(?::|$)/;
const INDENTED = /^[ \t]/;

const STREAMS = ['stdout', 'stderr'] as const;

/** So many lines of its other stream wait for the rest of a program's line. */
const MAX_BETWEEN = 16;

/** The state after a line that begins an entry. */
export function stateAfter(head: string): JoinState {
	const wrapped = unwrap(head);
	return wrapped === undefined
		? textStateAfter(head)
		: dockerState(wrapped, textStateAfter(wrapped.log));
}

/**
 * The state after a line that continues the entry before it: a traceback's, an indented one, the
 * rest of a line that Docker has cut. `undefined` if it begins a new entry.
 */
export function follow(text: string, state: JoinState): JoinState | undefined {
	if (typeof state === 'string') {
		return followText(text, state);
	}
	const wrapped = unwrap(text);
	if (wrapped === undefined) {
		return undefined;
	}
	if (state.open !== undefined) {
		if (wrapped.stream === state.stream) {
			return dockerState(wrapped, state.text);
		}
		return isWhole(wrapped) && state.open < MAX_BETWEEN
			? { ...state, open: state.open + 1 }
			: undefined;
	}
	if (wrapped.stream !== state.stream) {
		return undefined;
	}
	const next = followText(withoutEnd(wrapped.log), state.text);
	return next === undefined ? undefined : dockerState(wrapped, next);
}

function textStateAfter(head: string): TextState {
	return HEADER.test(head) ? 'frames' : 'none';
}

function followText(text: string, state: TextState): TextState | undefined {
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

interface WrappedLine {
	readonly log: string;
	readonly stream: string;
}

/** What Docker has wrapped in a line, if it has. */
function unwrap(line: string): WrappedLine | undefined {
	// Its keys are always written in the same way: few lines of others are parsed for nothing.
	const isLikely = line.includes('"log"') && line.includes('"stream"') && line.includes('"time"');
	const record = isLikely ? readRecord(line)?.value : undefined;
	return record !== undefined && docker.matches(record)
		? { log: String(record['log']), stream: String(record['stream']) }
		: undefined;
}

function withoutEnd(log: string): string {
	return log.replace(/\r?\n$/, '');
}

function isWhole({ log }: WrappedLine): boolean {
	return log.endsWith('\n');
}

function dockerState(line: WrappedLine, text: TextState): DockerState {
	return isWhole(line) ? { stream: line.stream, text } : { stream: line.stream, text, open: 0 };
}

/**
 * The index of the first line that surely begins an entry, for reading from the middle of a file:
 * the lines before it may belong to an entry further up. A JSON object is surest; among lines of
 * plain text, in a file or wrapped by Docker, one that no traceback contains, or that follows one
 * after which none goes on. -1 if there is none.
 */
export function findEntryStart(lines: readonly PlacedLine[]): number {
	const openStreams = new Map<string, boolean>();
	const object = lines.findIndex(({ text }, i) => {
		const wrapped = text.startsWith('{') ? unwrap(text) : undefined;
		if (wrapped === undefined) {
			return text.startsWith('{');
		}
		const isStart =
			i > 0 &&
			// A stream not seen yet may wait for its rest, but no longer than so many lines.
			STREAMS.every((stream) => !(openStreams.get(stream) ?? i <= MAX_BETWEEN)) &&
			followText(withoutEnd(wrapped.log), 'frames') === undefined;
		openStreams.set(wrapped.stream, !isWhole(wrapped));
		return isStart;
	});
	if (object !== -1) {
		return object;
	}
	return lines.findIndex(({ text }, i) => {
		const before = lines[i - 1]?.text;
		// `INFO:root:…` looks like an exception's line, but that comes once, behind indented ones.
		const isBehindHead = before !== undefined && follow(before, 'ended') === undefined;
		return !text.startsWith('{') && follow(text, isBehindHead ? 'ended' : 'frames') === undefined;
	});
}

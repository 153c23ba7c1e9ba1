/** What a line of a traceback is: a place in a file, the error it ended with, or anything else. */
export type TracebackKind = 'place' | 'error' | 'other';

export interface TracebackLine {
	readonly text: string;
	readonly kind: TracebackKind;
}

// Python: `File "x.py", line 3, in f`; JavaScript and Java: `at f (x.js:3:1)`.
const PLACE = /^\s*(?:File "|at\s)/;
const HEADLINE =
	/^(?:Traceback |During handling of |The above exception |Caused by:|\s*[|+] |\s*\.\.\.)/;

/** Cuts a traceback into lines and says of each what it is. */
export function tracebackLines(text: string): readonly TracebackLine[] {
	const lines = text.trimEnd().split('\n');
	const last = lines.findLastIndex((line) => /^\S/.test(line) && !HEADLINE.test(line));
	return lines.map((line, index) => {
		if (PLACE.test(line)) {
			return { text: line, kind: 'place' };
		}
		return { text: line, kind: index === last ? 'error' : 'other' };
	});
}

/** What a line of a traceback is: a place in a file, the error it ended with, or anything else. */
export type TracebackKind = 'place' | 'error' | 'other';

export interface TracebackLine {
	readonly text: string;
	readonly kind: TracebackKind;
	/** Where it is, as editors take it: `billing/sync.py:88`. */
	readonly place?: string;
}

/** Lines of a traceback that stand together. */
export interface TracebackPart {
	readonly lines: readonly TracebackLine[];
	/** So many frames of libraries they are, which are seldom what is looked for; 0 for other lines. */
	readonly foldedFrames: number;
}

// Python: `File "x.py", line 3, in f`; JavaScript and Java: `at f (x.js:3:1)`.
const PLACE = /^\s*(?:File "|at\s)/;
const PYTHON_PLACE = /^\s*File "(.+)", line (\d+)/;
const OTHER_PLACE = /(?:\(|^\s*at (?:async )?)([^()\s][^()]*:\d+(?::\d+)?)\)?\s*$/;
// Where Python and Node keep what is not the user's own.
const LIBRARY =
	/[\\/](?:site-packages|dist-packages|node_modules|lib[\\/]python[\d.]+)[\\/]|<frozen |\(?node:/;
const HEADLINE =
	/^(?:Traceback |During handling of |The above exception |Caused by:|\s*[|+] |\s*\.\.\.)/;

/** Cuts a traceback into lines and says of each what it is. */
export function tracebackLines(text: string): readonly TracebackLine[] {
	const lines = text.trimEnd().split('\n');
	const last = lines.findLastIndex((line) => /^\S/.test(line) && !HEADLINE.test(line));
	return lines.map((line, index) => {
		if (PLACE.test(line)) {
			const place = placeIn(line);
			return { text: line, kind: 'place', ...(place === undefined ? {} : { place }) };
		}
		return { text: line, kind: index === last ? 'error' : 'other' };
	});
}

/**
 * The lines of a traceback, those of libraries apart: two frames or more that follow each other, but
 * for the one where the error was raised.
 */
export function tracebackParts(text: string): readonly TracebackPart[] {
	const frames = framesOf(tracebackLines(text));
	const canFold = frames.map(
		([first], index) =>
			first?.kind === 'place' &&
			LIBRARY.test(first.text) &&
			frames[index + 1]?.[0]?.kind === 'place' &&
			frames[index - 1]?.[0]?.kind !== 'error',
	);
	const parts: { readonly lines: TracebackLine[]; readonly foldedFrames: number }[] = [];
	for (let at = 0; at < frames.length;) {
		const change = canFold.indexOf(!canFold[at], at);
		const end = change === -1 ? frames.length : change;
		const lines = frames.slice(at, end).flat();
		const foldedFrames = canFold[at] === true && end - at > 1 ? end - at : 0;
		const last = parts.at(-1);
		if (foldedFrames === 0 && last?.foldedFrames === 0) {
			last.lines.push(...lines);
		} else {
			parts.push({ lines, foldedFrames });
		}
		at = end;
	}
	return parts;
}

/** Each place with the lines of code below it; any other line by itself. */
function framesOf(lines: readonly TracebackLine[]): readonly (readonly TracebackLine[])[] {
	const frames: TracebackLine[][] = [];
	for (const line of lines) {
		const last = frames.at(-1);
		if (last?.[0]?.kind === 'place' && line.kind === 'other' && /^\s/.test(line.text)) {
			last.push(line);
		} else {
			frames.push([line]);
		}
	}
	return frames;
}

function placeIn(line: string): string | undefined {
	const python = PYTHON_PLACE.exec(line);
	return python === null ? OTHER_PLACE.exec(line)?.[1] : `${python[1]}:${python[2]}`;
}

/** A line with the place where it begins in its log, in bytes. */
export interface PlacedLine {
	/** Without its line end. */
	readonly text: string;
	readonly offset: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * The lines that begin and end in some bytes from the middle of a log, which begin at `offset`: the
 * first line most likely begins further up, and the last one may end further down.
 */
export function wholeLines(bytes: Buffer, offset: number): PlacedLine[] {
	const lines: PlacedLine[] = [];
	let start = bytes.indexOf(LF) + 1;
	for (let end = bytes.indexOf(LF, start); start > 0 && end !== -1;) {
		const textEnd = end > start && bytes[end - 1] === CR ? end - 1 : end;
		lines.push({ text: bytes.toString('utf8', start, textEnd), offset: offset + start });
		start = end + 1;
		end = bytes.indexOf(LF, start);
	}
	return lines;
}

import { displayLine, displayText } from '#shared/format/display-text.ts';
import type { CellReader } from './cell-reader.ts';
import type { EntryWriter } from './entry-writer.ts';
import type { Output } from './output.ts';
import type { ExportedEntry } from './exported-entry.ts';
import type { StampText } from './stamp-text.ts';

/** The longest of the standard levels, so that what follows them stands in one column. */
const LEVEL_WIDTH = 'CRITICAL'.length;

const WARNING = 30;
const ERROR = 40;
const CRITICAL = 50;

/** What a line of a message or a traceback has before it that is not the first one of its entry. */
const INDENT = '    ';

/**
 * Chosen columns as a person reads them, two blanks between them, further lines of messages and
 * tracebacks indented below. Nothing in it can act on a terminal but, if asked for, the colours of levels.
 */
export class TextLines implements EntryWriter {
	readonly readsText = true;
	readonly mustFlush = false;
	missing = 0;
	readonly #columns: readonly CellReader[];
	readonly #stamps: StampText;
	readonly #hasColour: boolean;

	constructor(columns: readonly CellReader[], stamps: StampText, hasColour: boolean) {
		this.#columns = columns;
		this.#stamps = stamps;
		this.#hasColour = hasColour;
	}

	begin(): void {}

	write(entry: ExportedEntry, out: Output): void {
		const cells: string[] = [];
		const below: string[] = [];
		for (const column of this.#columns) {
			const text = column.column === 'ts' ? this.#stamps.of(entry.ts) : column.read(entry);
			if (text === undefined) {
				this.missing++;
				return;
			}
			cells.push(this.#cell(column, text, entry, below));
		}
		const exception = this.#columns.some(({ column }) => column === 'exception')
			? undefined
			: entry.exception();
		if (exception !== undefined) {
			below.push(...displayText(exception.trimEnd()).split('\n'));
		}
		const line = cells.join('  ').trimEnd();
		out.text(`${[line, ...below.map((text) => (INDENT + text).trimEnd())].join('\n')}\n`);
	}

	flush(): void {}

	#cell({ column }: CellReader, text: string, entry: ExportedEntry, below: string[]): string {
		if (column === 'message' || column === 'exception') {
			const [first = '', ...rest] = displayText(text.trimEnd()).split('\n');
			below.push(...rest);
			return first;
		}
		const shown = displayLine(text) || '-';
		if (column !== 'level') {
			return shown;
		}
		const { severity } = entry.level();
		const colour = this.#hasColour ? colourOf(severity) : undefined;
		const padded = shown.padEnd(LEVEL_WIDTH);
		return colour === undefined ? padded : `\u001b[${colour}m${padded}\u001b[0m`;
	}
}

/** Of the eight every terminal has: red, yellow and, for what is below INFO, none but faint. */
function colourOf(severity: number): string | undefined {
	if (severity >= CRITICAL) {
		return '1;31';
	}
	if (severity >= ERROR) {
		return '31';
	}
	if (severity >= WARNING) {
		return '33';
	}
	return severity < 20 ? '2' : undefined;
}

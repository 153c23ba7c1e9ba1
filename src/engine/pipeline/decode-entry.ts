import { EntryFlag } from '#shared/model/entry.ts';
import type { DecodeContext, DecodedEntry } from './entry-decoder.ts';
import { entryParts } from './entry-parts.ts';
import type { FormatGuess } from './formats/table.ts';
import { readPart } from './read-part.ts';

/** Level, logger and task are cut here: they are a cell's text in every row that is sent. */
const MAX_CELL_LENGTH = 1_000;

/**
 * Reads the columns of an entry out of all its text: its first line and those that follow it. There
 * is at least one result; a line that holds many records gives as many, in their order. Never
 * throws. `guess` makes it faster and changes nothing.
 */
export function decodeEntry(
	raw: string,
	context: DecodeContext,
	guess?: FormatGuess,
): readonly DecodedEntry[] {
	return entryParts(raw, guess).map((part) => {
		const { ts, level, message, logger, task, format, isText, quarantine } = readPart(
			part,
			context,
		);
		const flags =
			(ts === undefined ? EntryFlag.arrivalTime : 0) |
			(isText ? EntryFlag.plainText : 0) |
			(part.followed === '' ? 0 : EntryFlag.continued) |
			(part.format?.isGap === true ? EntryFlag.gap : 0) |
			(quarantine === undefined ? 0 : EntryFlag.quarantined);
		const columns = {
			ts: ts ?? context.arrival,
			level: shortened(level.level),
			severity: level.severity,
			message,
			logger: shortened(logger),
			task_id: task === '' ? undefined : shortened(task),
			flags,
			format,
		};
		return quarantine === undefined ? columns : { ...columns, quarantine };
	});
}

/** As much of a text as a cell may have, never half a character. */
function shortened(text: string): string {
	return text.length <= MAX_CELL_LENGTH ? text : text.slice(0, MAX_CELL_LENGTH).toWellFormed();
}

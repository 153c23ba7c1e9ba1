/**
 * The record everything is about, with the field names of AsyncZ's own `LogEntry`
 * (`asyncz.contrib.dashboard.logs.storage`): ts, level, message, logger, task_id, extra.
 */

/** What an entry's `flags` may hold, one bit each. */
export const EntryFlag = {
	/** The line named no time: `ts` is when it was read. */
	arrivalTime: 1,
	/** The line was not a JSON object: `message` is its text. */
	plainText: 2,
	/** Lines that followed the entry (a traceback) belong to it. */
	continued: 4,
	/** The line was longer than the limit; only its beginning is kept. */
	cutLine: 8,
	/**
	 * It says that something is lost: no line at all where it was destroyed before it could be read,
	 * or the line of whoever lost it.
	 */
	gap: 16,
	/** The line could not be read as it should: it is shown as text. */
	quarantined: 32,
	/** The line is no longer there to be read: only the columns are. */
	textGone: 64,
} as const;

/** What a table row needs of an entry. */
export interface EntryRow {
	/** Order of arrival: unique, rising, not dense. */
	readonly seq: number;
	/** Microseconds since 1970, UTC. */
	readonly ts: number;
	/** The level's name: standard where it is known, otherwise as written, in upper case. */
	readonly level: string;
	/** The level's order on Python's scale (DEBUG 10 … CRITICAL 50). */
	readonly severity: number;
	readonly logger: string;
	readonly task_id?: string;
	/** In a `Page` at most `MESSAGE_PREVIEW_LENGTH` characters of it. */
	readonly message: string;
	/** The source it came from (`SourceStatus.id`). */
	readonly source: number;
	/** Bits of `EntryFlag`. */
	readonly flags: number;
	/** Values of the fields that were asked for, in that order, as text; `null`: it has none. */
	readonly fields?: readonly (string | null)[];
	/**
	 * Microseconds it is behind the newest entry that its source had told before it, if that is long
	 * enough to be called late (`LATE_MICROS`).
	 */
	readonly late?: number;
	/**
	 * It says what the entry that its log told before it says: the same level, logger and task, and a
	 * message of the same pattern. A table row does not tell it.
	 */
	readonly repeat?: boolean;
	/** How many such entries follow it, where the query is about them. */
	readonly repeats?: Repeats;
}

/** Entries that follow another one of their log and repeat it. */
export interface Repeats {
	readonly count: number;
	/** There may be more: its log ends with them for now, or they are too many to be counted. */
	readonly isOpen: boolean;
}

/** What is behind by less is no late entry: threads finish their records in any order. */
export const LATE_MICROS = 1_000_000;

/** One entry with all it has, as the details pane shows it. */
export interface LogEntry extends EntryRow {
	/** JSON text of an object: the entry's `extra` and every key that is no column, as written. */
	readonly extra?: string;
	/** Why there is an `extra` that is not here: a sentence for the user. */
	readonly extraProblem?: string;
	/** Traceback or stack as text, from the entry's fields or from the lines that followed it. */
	readonly exception?: string;
	/** The line or lines as they stand in the source; invalid UTF-8 shows as U+FFFD. */
	readonly raw: string;
	/** The file it was read from, where it was seen last. */
	readonly file: string;
	/** Byte offset of the line in its file; in the unpacked bytes of a compressed one. */
	readonly offset: number;
	/** The format it was read as, as a user would name it ("AsyncZ", "pino"). */
	readonly format?: string;
	/** For a quarantined line: why it could not be read as it should. */
	readonly quarantine?: string;
}

/** How much of a message crosses the wire for a table row. The details have all of it. */
export const MESSAGE_PREVIEW_LENGTH = 1_000;

/** The beginning of a message, never half a character. */
export function previewOf(message: string): string {
	if (message.length <= MESSAGE_PREVIEW_LENGTH) {
		return message;
	}
	const preview = message.slice(0, MESSAGE_PREVIEW_LENGTH);
	return preview.isWellFormed() ? preview : preview.slice(0, -1);
}

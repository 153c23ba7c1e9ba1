import type { Mapping } from '#shared/model/mapping.ts';

/** What is known about a log before one of its entries is decoded. */
export interface DecodeContext {
	/** Microseconds since 1970: the time of an entry that names none. */
	readonly arrival: number;
	/** What the user said about the source's lines. */
	readonly mapping?: Mapping;
}

/** The columns of one entry. */
export interface DecodedEntry {
	/** Microseconds since 1970. */
	readonly ts: number;
	/** Upper case. */
	readonly level: string;
	readonly severity: number;
	readonly message: string;
	readonly logger: string;
	readonly task_id: string | undefined;
	/** Bits of `EntryFlag`. */
	readonly flags: number;
	/** The format it was read as, as a user would name it. */
	readonly format: string;
	/** Why it is quarantined, if it is. */
	readonly quarantine?: string;
}

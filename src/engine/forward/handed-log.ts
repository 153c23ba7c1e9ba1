import * as v from 'valibot';
import type { FileIdentity } from '../log-sink.ts';

const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const handedLogSchema = v.object({
	path: v.string(),
	identity: v.object({
		headLength: countSchema,
		head: v.string(),
		tailLength: countSchema,
		tail: v.string(),
		end: countSchema,
	}),
	end: countSchema,
	generation: v.exactOptional(countSchema),
	isAnew: v.exactOptional(v.literal(true)),
});

/** How far a log was handed on to a storage. */
export interface HandedLog {
	/** That of its source. */
	readonly path: string;
	/** What it was known by. */
	readonly identity: FileIdentity;
	/** Entries that begin before this byte were handed on, or were not meant for the storage. */
	readonly end: number;
	/** Its number, in the database that this was remembered of. */
	readonly generation?: number;
	/** It came to the database after it was handed on: its entries are there, and not to be sent. */
	readonly isAnew?: true;
}

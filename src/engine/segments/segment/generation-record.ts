import type { FileIdentity, FilePlace } from '../../log-sink.ts';
import type { JoinState } from '../../pipeline/join-lines.ts';
import type { Range } from './range-set.ts';
import { NO_COUNTS } from './line-counts.ts';
import type { LineCounts } from './line-counts.ts';
import type { GenerationPlace } from './segment.ts';

/** A stretch of a log that was stepped over, to be read later. */
export interface Stretch extends Range {
	/** `seq` kept free for an entry that would begin at its first byte. */
	readonly base: number;
}

/** A log as it is saved. */
export interface SavedGeneration {
	readonly id: number;
	readonly source: number;
	/** The rest of its record. */
	readonly data: string;
}

/** Everything that is remembered of a log. */
export interface GenerationRecord {
	readonly id: number;
	readonly source: number;
	readonly place: FilePlace;
	readonly identity: FileIdentity;
	readonly isClosed: boolean;
	readonly isDestroyed: boolean;
	/** The first of the places kept free for its history, how many there are, how many are taken. */
	readonly base: number;
	readonly reserved: number;
	readonly used: number;
	readonly left: readonly Stretch[];
	readonly counts: LineCounts;
	/** Where its lines have left off. */
	readonly state: JoinState;
	readonly gaps: number;
	readonly lostBytes: number;
	/** The format of the entry read last. */
	readonly format?: string;
}

export function formatGeneration(record: GenerationRecord): SavedGeneration {
	const { id, source, ...data } = record;
	return { id, source, data: JSON.stringify(data) };
}

export function parseGeneration({ id, source, data }: SavedGeneration): GenerationRecord {
	const record = JSON.parse(data) as Omit<GenerationRecord, 'id' | 'source'>;
	// What was stored before gaps were counted has no number of them.
	return { id, source, ...record, counts: { ...NO_COUNTS, ...record.counts } };
}

/** What the threads that read text need to know of it. */
export function placeOf(record: GenerationRecord): GenerationPlace {
	const { id, source, place, identity, isDestroyed } = record;
	return { id, source, place, identity, isDestroyed };
}

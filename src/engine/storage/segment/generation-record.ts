import type { FileIdentity, FilePlace } from '../../log-sink.ts';
import type { JoinState } from '../../pipeline/join-lines.ts';
import type { Range } from './range-set.ts';
import type { LineCounts } from './row-builder.ts';
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

export const NO_COUNTS: LineCounts = {
	lines: 0,
	entries: 0,
	quarantined: 0,
	joined: 0,
	extra: 0,
};

export function addCounts(a: LineCounts, b: LineCounts): LineCounts {
	return {
		lines: a.lines + b.lines,
		entries: a.entries + b.entries,
		quarantined: a.quarantined + b.quarantined,
		joined: a.joined + b.joined,
		extra: a.extra + b.extra,
	};
}

export function formatGeneration(record: GenerationRecord): SavedGeneration {
	const { id, source, ...data } = record;
	return { id, source, data: JSON.stringify(data) };
}

export function parseGeneration({ id, source, data }: SavedGeneration): GenerationRecord {
	return { id, source, ...(JSON.parse(data) as Omit<GenerationRecord, 'id' | 'source'>) };
}

/** What the threads that read text need to know of it. */
export function placeOf(record: GenerationRecord): GenerationPlace {
	const { id, source, place, identity, isDestroyed } = record;
	return { id, source, place, identity, isDestroyed };
}

import type { FileIdentity, FilePlace, Generation } from '../log-sink.ts';
import type { LineReader } from './line-reader.ts';
import type { SeenFile } from './seen-file.ts';

/** A log as it is followed now. */
export class FollowedLog {
	readonly id: number;
	place: FilePlace;
	identity: FileIdentity;
	isClosed: boolean;
	/** The file that holds it, if there is one. */
	file: SeenFile | undefined;
	/** Set once something of it was read since the start. */
	reader: LineReader | undefined;
	/** What is read of it up to here has its place kept in the order of arrival. */
	historyEnd = 0;
	/** Its file has only its beginning: the rest was read from the one it was copied from. */
	isCut = false;
	/** Up to here it was looked for lines to begin with, so as to leave what is before them. */
	searchedTo = 0;
	/** When something was read of it last. */
	grownAt = 0;
	/** The greatest size that its file was seen with. */
	knownSize = 0;

	constructor(generation: Generation) {
		this.id = generation.id;
		this.place = generation.place;
		this.identity = generation.identity;
		this.isClosed = generation.isClosed;
		this.knownSize = generation.identity.end;
	}

	/** Up to where it was read, be it handed over or held. */
	get readEnd(): number {
		return this.reader?.readEnd ?? this.identity.end;
	}
}

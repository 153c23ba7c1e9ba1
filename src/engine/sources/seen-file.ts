import type { BigIntStats } from 'node:fs';
import type { FileKind, FilePlace } from '../log-sink.ts';
import type { FollowedLog } from './followed-log.ts';
import type { Age } from './sibling-names.ts';

/** A name a file was found under. */
export interface ListedName {
	/** The path as text; a name that is not UTF-8 shows U+FFFD in it. */
	readonly path: string;
	/** The path to open it by, where `path` does not lead to it. */
	readonly rawPath?: Buffer;
	/** The name that it and its rotated siblings have in common, with its folder. */
	readonly family: string;
	readonly age: Age;
}

/** A file as it was seen last: one inode, whatever its names. */
export class SeenFile {
	readonly key: string;
	readonly device: string;
	readonly inode: string;
	readonly birth: string;
	name: ListedName;
	/** Whether it is the newest of its family: the one that is written to. */
	isActive = false;
	/** False once its names are gone: it is read on by its descriptor. */
	isListed = true;
	/** When it was seen under no name for the first time. */
	unlistedAt = 0;
	size: number;
	kind: FileKind = 'plain';
	/** The first bytes, at most 1,024, when it was checked last. */
	head: Buffer = Buffer.alloc(0);
	/** The log it holds. */
	log: FollowedLog | undefined;
	/** A file that has all of this one's bytes, and holds their log. */
	copyOf: SeenFile | undefined;
	/**
	 * For a compressed file:
	 * - `unknown`: it has to be looked into
	 * - `new`: it holds a log that was never seen
	 * - `open`: it is to be unpacked, be it to tell what it holds or to read it
	 * - `cut`: it was read, and ends too early
	 * - `done`
	 */
	packed: 'unknown' | 'new' | 'open' | 'cut' | 'done' = 'unknown';
	/** A compressed file that was unpacked before: its name proves nothing. */
	wasRead = false;
	/** A log it was a copy of, until the original was written anew. */
	hasBeginningOf: FollowedLog | undefined;
	/** All that it has was read from another file, which is written anew. */
	isKnown = false;
	/** Why it can't be read. */
	problem: string | undefined;
	/** Why it is not a text log: a problem that only a change of the file can end. */
	refusal: string | undefined;
	/** Something a user should know of it, though it was read. */
	notice: string | undefined;
	/** It may have changed since it was compared with its log. */
	isDirty = true;
	/** Its path leads to another file by now. */
	isLost = false;
	/** It was written anew while it was read: it is to be compared once more. */
	isTorn = false;
	/** When to try again after a problem. */
	retryAt = 0;
	checkedAt = 0;
	lookedAt = 0;
	/** When its size or the time of its last change was another one than before. */
	writtenAt = 0;
	/** As `writtenAt`, or when its name or permissions changed. */
	changedAt = 0;
	/** The time of its last change, in ms, as the file system tells. */
	modifiedAt = 0;
	#stamp = '';

	constructor(name: ListedName, stat: BigIntStats) {
		this.name = name;
		this.device = String(stat.dev);
		this.inode = String(stat.ino);
		this.birth = String(stat.birthtimeNs);
		this.key = keyOf(stat);
		this.size = Number(stat.size);
	}

	get path(): string {
		return this.name.path;
	}

	/** What to open it by. */
	get openPath(): string | Buffer {
		return this.name.rawPath ?? this.name.path;
	}

	/** Whether others find it by its path. */
	get isReachable(): boolean {
		return this.isListed && this.name.rawPath === undefined;
	}

	get place(): FilePlace {
		const { path, kind, device, inode, birth } = this;
		return { path, kind, device, inode, birth };
	}

	/** Takes in what `stat` says. */
	update(stat: BigIntStats, now: number): void {
		const content = `${stat.size}:${stat.mtimeNs}:`;
		// A compressed file costs too much to be compared after each change of its name.
		const stamp = this.kind === 'plain' ? `${content}${stat.ctimeNs}` : content;
		if (!this.#stamp.startsWith(content)) {
			this.writtenAt = now;
		}
		if (!this.#stamp.startsWith(stamp)) {
			this.#stamp = stamp;
			this.size = Number(stat.size);
			this.modifiedAt = Number(stat.mtimeNs / 1_000_000n);
			this.changedAt = now;
			this.isDirty = true;
			this.retryAt = 0;
		}
		this.lookedAt = now;
	}
}

/** Identifies a file as far as the system does: an inode is given out again once it is free. */
export function keyOf(stat: BigIntStats): string {
	return `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}

/** The key of the file that a log was seen in last. */
export function keyOfPlace(place: FilePlace): string {
	return `${place.device}:${place.inode}:${place.birth}`;
}

import { createHash } from 'node:crypto';

/** How much of a log's beginning, and of what was read last, makes its identity. */
export const HEAD_BYTES = 1_024;
export const TAIL_BYTES = 256;

/**
 * What tells a log from every other, made of bytes already read: in a file that is only ever added
 * to they never change, so that any change proves a rewrite. Device and inode are no more than a
 * hint: ext4 gives a deleted file's inode to the next one.
 */
export interface FileIdentity {
	/** SHA-256 over the first `headLength` bytes. */
	readonly headLength: number;
	readonly head: string;
	/** SHA-256 over the `tailLength` bytes before `end`. */
	readonly tailLength: number;
	readonly tail: string;
	readonly end: number;
}

/**
 * The identity of a log of which everything before `end` was read: `head` are its first bytes,
 * `tail` those before `end`. As they were read, and not as the file has them by now: it may have
 * been written anew in between.
 */
export function identify(head: Buffer, tail: Buffer, end: number): FileIdentity {
	return {
		headLength: head.length,
		head: hash(head),
		tailLength: tail.length,
		tail: hash(tail),
		end,
	};
}

/** Whether two identities, of logs that were read equally far, are those of one log. */
export function isSameLog(one: FileIdentity, other: FileIdentity): boolean {
	return (
		one.headLength === other.headLength &&
		one.head === other.head &&
		one.tailLength === other.tailLength &&
		one.tail === other.tail &&
		one.end === other.end
	);
}

function hash(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

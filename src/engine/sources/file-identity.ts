import { createHash } from 'node:crypto';
import { readAt } from './log-file.ts';
import type { LogFile } from './log-file.ts';

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

/** Whether a file still holds, at the same place, what an identity was made of. */
export async function isSameLog(file: LogFile, identity: FileIdentity): Promise<boolean> {
	const { headLength, head, tailLength, tail, end } = identity;
	return (
		(await hashAt(file, 0, headLength)) === head &&
		(await hashAt(file, end - tailLength, tailLength)) === tail
	);
}

async function hashAt(file: LogFile, offset: number, length: number): Promise<string> {
	return hash(await readAt(file.handle, offset, length));
}

function hash(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

import { hash } from 'node:crypto';
import type { FileIdentity } from '../log-sink.ts';

/** How much of a log's beginning, and of what was read last, makes its identity. */
export const HEAD_BYTES = 1_024;
export const TAIL_BYTES = 256;

/**
 * The identity of a log of which everything before `end` was read: `head` are its first bytes,
 * `tail` those before `end`. As they were read, and not as the file has them by now: it may have
 * been written anew in between.
 */
export function identify(head: Buffer, tail: Buffer, end: number): FileIdentity {
	return {
		headLength: head.length,
		head: hashOf(head),
		tailLength: tail.length,
		tail: hashOf(tail),
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

/** SHA-256, in hex. */
export function hashOf(bytes: Buffer): string {
	return hash('sha256', bytes);
}

import { hash } from 'node:crypto';
import type { FileIdentity } from './log-sink.ts';

/** How much of a log's beginning, and of what was read last, makes its identity. */
export const HEAD_BYTES = 1_024;
export const TAIL_BYTES = 256;

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
export function hashOf(bytes: Uint8Array): string {
	return hash('sha256', bytes);
}

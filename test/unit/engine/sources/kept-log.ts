import { createHash } from 'node:crypto';
import type { FileIdentity, FilePlace, LogGap } from '#engine/log-sink.ts';

/** A stretch of a log as it was handed over. */
export interface Piece {
	readonly offset: number;
	readonly bytes: Buffer;
	readonly size: number;
	readonly place: 'live' | 'history' | 'left';
}

/** What the sink knows of one log. */
export interface KeptLog {
	readonly id: number;
	readonly historyEntries: number;
	place: FilePlace;
	identity: FileIdentity;
	isClosed: boolean;
	readonly pieces: Piece[];
	readonly gaps: LogGap[];
	destroyed: string | undefined;
}

const EMPTY = sha256(Buffer.alloc(0));
/** That of a log of which nothing was read. */
export const NO_IDENTITY = { headLength: 0, head: EMPTY, tailLength: 0, tail: EMPTY, end: 0 };

/** The bytes of a log, as far as they were handed over. */
export function bytesOf(log: KeptLog): Buffer {
	return Buffer.concat(log.pieces.map(({ bytes }) => bytes));
}

/** The text of a log; of a line that was cut, its beginning as a line. */
export function textOfLog({ pieces }: KeptLog): string {
	return Buffer.concat(
		pieces.flatMap((piece) => [piece.bytes, Buffer.from(isCutLine(piece) ? '\n' : '')]),
	).toString();
}

function isCutLine({ bytes, size, place }: Piece): boolean {
	return bytes.length > 0 && bytes.length < size && place !== 'left';
}

/** Takes bytes in, and makes sure that they are the next ones and the identity is theirs. */
export function take(log: KeptLog, piece: Piece | undefined, identity: FileIdentity): void {
	if (piece === undefined || piece.offset !== log.identity.end) {
		throw new Error(`Log ${log.id}: bytes at ${piece?.offset} where ${log.identity.end} is next.`);
	}
	if (identity.end !== piece.offset + piece.size || piece.size === 0) {
		throw new Error(
			`Log ${log.id}: ends at ${identity.end} after ${piece.size} at ${piece.offset}.`,
		);
	}
	const history = log.pieces.filter(({ place }) => place === 'history').length;
	if (piece.place === 'history' && history >= log.historyEntries) {
		throw new Error(
			`Log ${log.id}: more history than the ${log.historyEntries} places kept for it.`,
		);
	}
	log.pieces.push(piece);
	log.identity = identity;
	const isWhole = log.pieces.every(({ bytes, size }) => bytes.length === size);
	if (isWhole && identity.end < 1_000_000) {
		const bytes = bytesOf(log);
		const head = sha256(bytes.subarray(0, identity.headLength));
		const tail = sha256(bytes.subarray(bytes.length - identity.tailLength));
		const isFull =
			identity.headLength === Math.min(bytes.length, 1_024) &&
			identity.tailLength === Math.min(bytes.length, 256);
		if (head !== identity.head || tail !== identity.tail || !isFull) {
			throw new Error(`Log ${log.id}: its identity at ${identity.end} is not that of its bytes.`);
		}
	}
}

function sha256(bytes: Buffer): string {
	return createHash('sha256').update(bytes).digest('hex');
}

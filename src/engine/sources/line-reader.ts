import { MAX_LINE_BYTES } from '../log-sink.ts';
import type { FileIdentity, LogChunk } from '../log-sink.ts';
import { hashOf, HEAD_BYTES, TAIL_BYTES } from '../file-identity.ts';

/** From this many NULs on, the beginning of a line is a hole: nothing was ever written there. */
export const HOLE_BYTES = 1024 * 1024;

/** So much of what was read last is kept for a while, to recognise a copy that lacks some of it. */
const RECENT_BYTES = 32 * 1024;

const LF = 0x0a;
const NOTHING = Buffer.alloc(0);
const ZEROS = Buffer.alloc(1024 * 1024);

/** Lines to hand over, and the log's identity after them. */
export interface ReadChunk {
	readonly chunk: LogChunk;
	readonly identity: FileIdentity;
}

/**
 * Cuts the bytes of one log into chunks of whole lines, at LF only. Holds the unfinished last line,
 * of which it keeps no more than `MAX_LINE_BYTES` in memory, and knows what the log looked like
 * where it was read: its first bytes, and those before the place reading goes on from.
 */
export class LineReader {
	/** The first bytes of the log, as they were read. */
	#head: Buffer;
	/** The last bytes read. */
	#overlap: Buffer;
	/** As `#overlap`, but more of them, for a while. */
	#recent: Buffer;
	/** The last bytes before `#end`, as they were read. */
	#tail: Buffer;
	/** The SHA-256 of the whole head, once it is complete. */
	#headHash: string | undefined;
	#end: number;
	#readEnd: number;
	/** NULs that the held line begins with, while there is nothing else of it. */
	#nulls = 0;
	#kept: Buffer[] = [];
	#keptBytes = 0;
	/** Bytes of the held line that were over the limit and are not kept. */
	#overflow = 0;

	/** `end`: where the next byte stands; `head` and `tail`: the first bytes and those before it. */
	constructor(end: number, head: Buffer, tail: Buffer) {
		this.#end = end;
		this.#readEnd = end;
		this.#head = Buffer.from(head.subarray(0, HEAD_BYTES));
		this.#tail = Buffer.from(tail);
		this.#overlap = this.#tail;
		this.#recent = this.#tail;
	}

	/** Where the held line begins: everything before it has been handed over. */
	get end(): number {
		return this.#end;
	}

	/** Up to where it was read. */
	get readEnd(): number {
		return this.#readEnd;
	}

	get heldBytes(): number {
		return this.#readEnd - this.#end;
	}

	get head(): Buffer {
		return this.#head;
	}

	/** The last bytes before `readEnd`, at most 256. */
	get overlap(): Buffer {
		return this.#overlap;
	}

	/**
	 * The bytes before `end`, at most 256, as they were read; `undefined` if that is too long ago or
	 * was not read.
	 */
	bytesBefore(end: number): Buffer | undefined {
		const start = this.#readEnd - this.#recent.length;
		const from = Math.max(end - TAIL_BYTES, 0);
		return from >= start && end <= this.#readEnd
			? this.#recent.subarray(from - start, end - start)
			: undefined;
	}

	/** Frees memory: nothing was read for a while. */
	forgetRecent(): void {
		this.#recent = this.#overlap;
	}

	/** The log's identity as it is now. */
	get identity(): FileIdentity {
		return this.#identityAt(this.#end, this.#tail);
	}

	/**
	 * Takes the next bytes, at most 1 MiB of them; returns what they complete. `added` may be reused
	 * once the chunks were taken.
	 */
	push(added: Buffer): ReadChunk[] {
		if (this.#head.length < HEAD_BYTES) {
			this.#head = Buffer.concat([this.#head, added.subarray(0, HEAD_BYTES - this.#head.length)]);
		}
		const before = { overlap: this.#overlap, readEnd: this.#readEnd };
		this.#overlap = tailAt(before, added, before.readEnd + added.length);
		this.#readEnd += added.length;
		this.#recent =
			added.length >= RECENT_BYTES
				? Buffer.from(added.subarray(-RECENT_BYTES))
				: Buffer.concat([this.#recent.subarray(-(RECENT_BYTES - added.length)), added]);

		const chunks: ReadChunk[] = [];
		const emit = (bytes: Buffer, size: number) => {
			const end = this.#end + size;
			const tail = tailAt(before, added, end);
			const isWhole = bytes.length === size;
			const chunk = { bytes, offset: this.#end, ...(isWhole ? {} : { length: size }) };
			chunks.push({ chunk, identity: this.#identityAt(end, tail) });
			this.#end = end;
			this.#tail = tail;
		};

		let rest = added;
		const lastNewline = added.lastIndexOf(LF);
		if (lastNewline !== -1 && (this.#keptBytes > 0 || this.#nulls > 0)) {
			const canJoin = this.#overflow === 0 && this.#nulls === 0;
			const isSmall = this.#keptBytes + lastNewline < MAX_LINE_BYTES;
			const cut = (canJoin && isSmall ? lastNewline : added.indexOf(LF)) + 1;
			this.#hold(added.subarray(0, cut), emit);
			const size = this.#keptBytes + this.#overflow;
			emit(this.#takeKept(), size);
			rest = added.subarray(cut);
		}
		const whole = rest.lastIndexOf(LF) + 1;
		if (whole > 0) {
			emit(rest.subarray(0, whole), whole);
		}
		this.#hold(rest.subarray(whole), emit);
		return chunks;
	}

	/** The unfinished line as it is: nothing more will come of it. */
	takeHeld(): ReadChunk | undefined {
		const size = this.heldBytes;
		if (size === 0) {
			return undefined;
		}
		if (this.#nulls > 0 && this.#nulls < HOLE_BYTES) {
			this.#keep(ZEROS.subarray(0, this.#nulls));
		}
		const bytes = this.#takeKept();
		const isWhole = bytes.length === size;
		const chunk = { bytes, offset: this.#end, ...(isWhole ? {} : { length: size }) };
		this.#end = this.#readEnd;
		this.#tail = this.#overlap;
		return { chunk, identity: this.identity };
	}

	#hold(piece: Buffer, emit: (bytes: Buffer, size: number) => void): void {
		let rest = piece;
		if (this.#keptBytes === 0 && rest[0] === 0) {
			const nulls = leadingNulls(rest);
			this.#nulls += nulls;
			rest = rest.subarray(nulls);
		}
		if (rest.length === 0) {
			return;
		}
		if (this.#nulls >= HOLE_BYTES) {
			const size = this.#nulls;
			this.#nulls = 0;
			emit(NOTHING, size);
		} else if (this.#nulls > 0) {
			const nulls = this.#nulls;
			this.#nulls = 0;
			this.#keep(ZEROS.subarray(0, nulls));
		}
		this.#keep(rest);
	}

	#keep(piece: Buffer): void {
		const room = MAX_LINE_BYTES + 1 - this.#keptBytes;
		const part = piece.subarray(0, room);
		if (part.length > 0) {
			this.#kept.push(Buffer.from(part));
			this.#keptBytes += part.length;
		}
		this.#overflow += piece.length - part.length;
	}

	/** What is kept of the held line or lines, and forgets it. */
	#takeKept(): Buffer {
		const bytes = Buffer.concat(this.#kept);
		const size = bytes.length + this.#overflow;
		const isTooLong = size - (bytes.at(-1) === LF ? 1 : 0) > MAX_LINE_BYTES;
		this.#nulls = 0;
		this.#kept = [];
		this.#keptBytes = 0;
		this.#overflow = 0;
		return isTooLong ? bytes.subarray(0, MAX_LINE_BYTES) : bytes;
	}

	#identityAt(end: number, tail: Buffer): FileIdentity {
		const head = this.#head.subarray(0, end);
		const headHash = this.#headHash ?? hashOf(head);
		if (head.length === HEAD_BYTES) {
			this.#headHash = headHash;
		}
		return {
			headLength: head.length,
			head: headHash,
			tailLength: tail.length,
			tail: hashOf(tail),
			end,
		};
	}
}

/** The bytes before `end`, which is at or after the beginning of `added`. */
function tailAt(
	before: { readonly overlap: Buffer; readonly readEnd: number },
	added: Buffer,
	end: number,
): Buffer {
	const inside = end - before.readEnd;
	return inside >= TAIL_BYTES
		? Buffer.from(added.subarray(inside - TAIL_BYTES, inside))
		: Buffer.concat([
				before.overlap.subarray(Math.max(before.overlap.length - (TAIL_BYTES - inside), 0)),
				added.subarray(0, inside),
			]);
}

function leadingNulls(bytes: Buffer): number {
	if (bytes.equals(ZEROS.subarray(0, bytes.length))) {
		return bytes.length;
	}
	return bytes.findIndex((byte) => byte !== 0);
}

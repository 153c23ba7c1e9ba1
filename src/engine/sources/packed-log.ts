import { basename } from 'node:path';
import type { FileIdentity } from '../log-sink.ts';
import { hashOf, HEAD_BYTES, TAIL_BYTES } from '../file-identity.ts';
import type { FollowedLog } from './followed-log.ts';
import { LineReader } from './line-reader.ts';
import type { OpenFiles } from './open-files.ts';
import type { SeenFile } from './seen-file.ts';
import { Unpacker } from './unpacker.ts';
import type { PackedEnd } from './unpacker.ts';

/** So much of the last unpacked bytes is kept, to compare it with the same place of a plain file. */
const KEPT_BYTES = 64 * 1024;

/** Unpacked bytes are given out in pieces of this size at the most. */
const PIECE_BYTES = 256 * 1024;

/** What is in a compressed file, from its beginning on. */
export class PackedLog {
	/** The first unpacked bytes. */
	head: Buffer = Buffer.alloc(0);
	/** The last unpacked bytes before `position`, at most 64 KiB. */
	last: Buffer = Buffer.alloc(0);
	position = 0;
	readonly #unpacker: Unpacker;
	#pending: Buffer = Buffer.alloc(0);

	constructor(open: OpenFiles, file: SeenFile) {
		this.#unpacker = new Unpacker((offset, length) => open.read(file, offset, length), file.kind);
	}

	/** How the file ended; `undefined` while there is more. */
	get end(): PackedEnd | undefined {
		return this.#pending.length > 0 ? undefined : this.#unpacker.end;
	}

	/** The next bytes, up to `to` at the most; `undefined` at the end. */
	async next(to = Infinity): Promise<Buffer | undefined> {
		if (this.#pending.length === 0) {
			this.#pending = (await this.#unpacker.next()) ?? this.#pending;
		}
		if (this.#pending.length === 0) {
			return undefined;
		}
		const bytes = this.#pending.subarray(0, Math.min(PIECE_BYTES, to - this.position));
		this.#pending = this.#pending.subarray(bytes.length);
		this.position += bytes.length;
		if (this.head.length < HEAD_BYTES) {
			this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD_BYTES - this.head.length)]);
		}
		this.last = Buffer.concat([this.last, bytes]).subarray(-KEPT_BYTES);
		return bytes;
	}

	/** Whether what was unpacked so far is what an identity speaks of. */
	isAt({ headLength, head, tailLength, tail, end }: FileIdentity): boolean {
		return (
			this.position === end &&
			hashOf(this.head.subarray(0, headLength)) === head &&
			hashOf(this.last.subarray(this.last.length - tailLength)) === tail
		);
	}

	/** A reader that goes on from here. */
	reader(): LineReader {
		const head = this.head.subarray(0, this.position);
		return new LineReader(this.position, head, this.last.subarray(-TAIL_BYTES));
	}

	close(): void {
		this.#unpacker.close();
	}
}

/** What a user should know of how a compressed file ended. */
export function noticeOf(file: SeenFile, end: PackedEnd | undefined): string | undefined {
	const name = basename(file.path);
	switch (end) {
		case 'cut':
			return `${name} ends in the middle of its data. What it has was read; when more is written, it is read on.`;
		case 'damaged':
			return `${name} is damaged, or something else follows its data. What comes before that was read.`;
		default:
			return undefined;
	}
}

/** Whether a file that begins with `first` may hold all that was read of a log. */
export function mayHold(first: Buffer, { identity, reader }: FollowedLog): boolean {
	const { headLength, head, end } = identity;
	if (end === 0) {
		// No more than an unfinished line was read of it.
		const held = reader?.head;
		return held !== undefined && held.length > 0 && first.subarray(0, held.length).equals(held);
	}
	return first.length >= headLength && hashOf(first.subarray(0, headLength)) === head;
}

/** The first unpacked bytes of a file, at most 1,024. */
export async function readPackedHead(open: OpenFiles, file: SeenFile): Promise<Buffer> {
	const packed = new PackedLog(open, file);
	while (packed.head.length < HEAD_BYTES) {
		if ((await packed.next()) === undefined) {
			break;
		}
	}
	packed.close();
	return packed.head;
}

/** Whether the shorter one is the beginning of the longer one. */
export function startsAlike(one: Buffer, other: Buffer): boolean {
	const length = Math.min(one.length, other.length);
	return one.subarray(0, length).equals(other.subarray(0, length));
}

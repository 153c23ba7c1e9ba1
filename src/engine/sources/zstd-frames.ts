import type { ReadBytes } from './unpacker.ts';

/** What stands at a place of a zstd file, and where it ends. */
export type FoundFrame =
	| { readonly kind: 'frame' | 'skippable'; readonly end: number }
	| { readonly kind: 'complete' | 'cut' | 'damaged' };

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAX_HEADER_BYTES = 18;
const BLOCK_HEADER_BYTES = 3;
const RAW_ZEROS_BYTES = 4_096;

/**
 * Finds the end of the frame at `start` by its blocks (RFC 8878, section 3.1), without unpacking it.
 * A frame that the file has only in part ends where its next part would begin.
 */
export async function findFrameEnd(read: ReadBytes, start: number): Promise<FoundFrame> {
	const header = await read(start, MAX_HEADER_BYTES);
	if (header.length === 0) {
		return { kind: start === 0 ? 'cut' : 'complete' };
	}
	if (header.length < 5) {
		return { kind: header.every((byte) => byte === 0) ? 'complete' : 'cut' };
	}
	const magic = header.readUInt32LE(0);
	if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) {
		return header.length < 8
			? { kind: 'cut' }
			: { kind: 'skippable', end: start + 8 + header.readUInt32LE(4) };
	}
	if (magic !== FRAME_MAGIC) {
		const rest = await read(start, RAW_ZEROS_BYTES);
		return { kind: start > 0 && rest.every((byte) => byte === 0) ? 'complete' : 'damaged' };
	}
	return { kind: 'frame', end: await endOfBlocks(read, start, header[4] ?? 0) };
}

async function endOfBlocks(read: ReadBytes, start: number, descriptor: number): Promise<number> {
	const isSingle = (descriptor & 0x20) !== 0;
	const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
	const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
	const checksumBytes = (descriptor & 4) !== 0 ? 4 : 0;
	let at = start + 5 + (isSingle ? 0 : 1) + dictionaryBytes + sizeBytes;
	for (;;) {
		const block = await read(at, BLOCK_HEADER_BYTES);
		if (block.length < BLOCK_HEADER_BYTES) {
			// It is not there yet: whoever reads up to here finds the file too short.
			return at + BLOCK_HEADER_BYTES;
		}
		const bits = block.readUIntLE(0, BLOCK_HEADER_BYTES);
		const isRepeated = ((bits >> 1) & 3) === 1;
		at += BLOCK_HEADER_BYTES + (isRepeated ? 1 : bits >> 3);
		if ((bits & 1) === 1) {
			return at + checksumBytes;
		}
	}
}

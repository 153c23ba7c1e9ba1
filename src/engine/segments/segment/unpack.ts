import { constants, zstdDecompressSync } from 'node:zlib';

/**
 * What is compressed in `data`, of which there are `bytes` bytes, or some others where it is damaged.
 * It is unpacked into one buffer, which is full when nothing is left to be unpacked: pieces of 16 KiB
 * would be joined afterwards, and all of them be garbage. Throws if it is not what zstd has made.
 */
export function unpack(data: Uint8Array, bytes: number): Buffer {
	return zstdDecompressSync(data, { chunkSize: Math.max(bytes + 1, constants.Z_MIN_CHUNK) });
}

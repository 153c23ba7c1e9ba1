import { describe, expect, test } from 'vitest';
import { FrameSplitter, frameOfDatagram } from '#feeds/pickle/frame-splitter.ts';
import { MAX_FRAME_BYTES } from '#feeds/pickle/limits.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

function framed(frame: Buffer): Buffer {
	const prefix = Buffer.alloc(4);
	prefix.writeUInt32BE(frame.length);
	return Buffer.concat([prefix, frame]);
}

describe('a stream of frames', () => {
	test('gives the same frames in whatever pieces it comes', () => {
		const random = new Random(1);
		for (let round = 0; round < 300 * TEST_SCALE; round++) {
			const frames = Array.from({ length: random.below(12) }, () =>
				Buffer.alloc(random.pick([0, 1, 3, 4, 5, 64, 700, 5_000]), random.below(256)),
			);
			const stream = Buffer.concat(frames.map(framed));
			const longest = random.pick([1, 3, 7, 100, 4_096, 100_000]);
			const splitter = new FrameSplitter();
			const found: Buffer[] = [];
			for (let at = 0; at < stream.length;) {
				const end = at + 1 + random.below(longest);
				// A socket may use the memory of a piece again.
				const piece = Buffer.from(stream.subarray(at, end));
				found.push(...splitter.push(piece).map((frame) => Buffer.from(frame)));
				piece.fill(0xee);
				at = end;
			}
			expect(found).toEqual(frames);
			expect(splitter.heldBytes).toBe(0);
			expect(splitter.problem).toBeUndefined();
		}
	});

	test('says what it holds of a frame that is not whole', () => {
		const splitter = new FrameSplitter();
		expect(splitter.push(framed(Buffer.alloc(10)).subarray(0, 9))).toEqual([]);
		expect(splitter.heldBytes).toBe(9);
	});

	test('holds no more than twice of what has come, whatever length is announced', () => {
		const splitter = new FrameSplitter();
		const before = process.memoryUsage().arrayBuffers;
		splitter.push(Buffer.from([0x00, 0xff, 0xff, 0xff, 0x01]));
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
		expect(splitter.heldBytes).toBe(5);
	});

	test('keeps a frame of the greatest size that comes in small pieces', () => {
		const splitter = new FrameSplitter();
		const stream = framed(Buffer.alloc(MAX_FRAME_BYTES - 1, 7));
		const found: Buffer[] = [];
		for (let at = 0; at < stream.length; at += 1_000) {
			found.push(...splitter.push(stream.subarray(at, at + 1_000)));
		}
		expect(found.map((frame) => frame.length)).toEqual([MAX_FRAME_BYTES - 1]);
		expect(found[0]?.every((byte) => byte === 7)).toBe(true);
	});

	const tooLong = Buffer.concat([framed(Buffer.from('ab')), Buffer.from([1, 0, 0, 0, 9])]);

	test.each([
		['in one piece', [tooLong]],
		['byte by byte', Array.from(tooLong, (byte) => Buffer.from([byte]))],
	])('ends at a length beyond the limit, with the frames before it, %s', (_, pieces) => {
		const splitter = new FrameSplitter();
		expect(pieces.flatMap((piece) => splitter.push(piece)).map(String)).toEqual(['ab']);
		expect(splitter.problem).toBe(
			'A frame of 16,777,216 bytes was announced; at most 16,777,215 are read.',
		);
		expect(splitter.push(framed(Buffer.from('cd')))).toEqual([]);
	});
});

describe('a datagram', () => {
	test('is one frame with its length before it', () => {
		expect(frameOfDatagram(framed(Buffer.from('ab')))).toEqual({ frame: Buffer.from('ab') });
	});

	test.each([
		['too short for a length', Buffer.from([0, 0])],
		['shorter than it says', Buffer.from([0, 0, 0, 9, 1])],
		['longer than it says', Buffer.from([0, 0, 0, 1, 1, 2])],
	])('is refused when it is %s', (_, datagram) => {
		expect(frameOfDatagram(datagram)).toEqual({
			refused: `A datagram of ${datagram.length} bytes is no frame: it does not begin with the length of its rest.`,
		});
	});
});

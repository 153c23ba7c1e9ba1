/** Reads all hostile frames in a thread, whose memory can be bounded, and posts what became of them. */
import { parentPort } from 'node:worker_threads';
import { recordLine } from '#feeds/pickle/record-line.ts';
import type { FrameReading } from '#feeds/pickle/record-line.ts';
import { hostileFrames } from './hostile-frames.ts';

/** What the thread posts: a reading for each frame, in order. Long lines are cut. */
export type HostileReadings = readonly FrameReading[];

const SHOWN = 10_000;

const readings: HostileReadings = hostileFrames().map(({ frame }) => {
	const reading = recordLine(frame, 0);
	return 'line' in reading ? { line: reading.line.slice(0, SHOWN) } : reading;
});
parentPort?.postMessage(readings);

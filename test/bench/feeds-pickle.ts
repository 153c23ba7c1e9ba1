import { FrameSplitter } from '#feeds/pickle/frame-splitter.ts';
import { recordLine } from '#feeds/pickle/record-line.ts';
import { recordedFrames } from '../support/pickle-records.ts';
import type { Plan } from './plan.ts';
import { median, rounded } from './statistics.ts';

const FRAMES = 20_000;
const RUNS = 5;
/** As a socket gives them. */
const CHUNK_BYTES = 65_536;
/** What schedulers send: plain records, some with a task, values and a traceback. */
const KINDS = ['plain', 'task', 'plain', 'nested', 'task', 'traceback', 'plain', 'datetime_utc'];

/** Frames of SocketHandler, from the bytes of a socket to the lines of a journal, in one thread. */
export async function measurePickle({ scale, print, say }: Plan): Promise<void> {
	const stream = streamOf(FRAMES / scale);
	say(`reading ${FRAMES / scale} frames of SocketHandler ${RUNS} times`);
	const runs = Array.from({ length: RUNS }, () => {
		const started = performance.now();
		const usedBefore = process.cpuUsage();
		const lines = readAll(stream);
		const used = process.cpuUsage(usedBefore);
		if (lines !== FRAMES / scale) {
			throw new Error(`${lines} of ${FRAMES / scale} frames became lines`);
		}
		return {
			perSecond: lines / ((performance.now() - started) / 1_000),
			perCpuSecond: lines / ((used.user + used.system) / 1_000_000),
		};
	});
	const speeds = runs.map(({ perSecond }) => perSecond);
	print({
		measure: 'SocketHandler frames read',
		unit: 'frames/s',
		goal: '≥ 40000',
		n: RUNS,
		p50: Math.round(median(speeds)),
		min: Math.round(Math.min(...speeds)),
		max: Math.round(Math.max(...speeds)),
		// What a thread of its own would do: other programs on the machine slow it down less.
		per_cpu_second: Math.round(median(runs.map(({ perCpuSecond }) => perCpuSecond))),
		bytes_per_frame: rounded(stream.length / (FRAMES / scale)),
	});
}

function streamOf(frames: number): Buffer {
	const recorded = recordedFrames();
	const kinds = KINDS.map((kind) => recorded.findLast((record) => record.kind === kind)?.frame);
	return Buffer.concat(
		Array.from({ length: frames }, (_, i) => {
			const frame = kinds[i % kinds.length] ?? Buffer.alloc(0);
			const length = Buffer.alloc(4);
			length.writeUInt32BE(frame.length);
			return [length, frame];
		}).flat(),
	);
}

/** How many frames of the stream became lines. */
function readAll(stream: Buffer): number {
	const splitter = new FrameSplitter();
	let lines = 0;
	for (let at = 0; at < stream.length; at += CHUNK_BYTES) {
		for (const frame of splitter.push(stream.subarray(at, at + CHUNK_BYTES))) {
			lines += 'line' in recordLine(frame) ? 1 : 0;
		}
	}
	return lines;
}

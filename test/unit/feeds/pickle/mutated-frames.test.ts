import { describe, expect, test } from 'vitest';
import { recordLine } from '#feeds/pickle/record-line.ts';
import type { FrameReading } from '#feeds/pickle/record-line.ts';
import { parseJson } from '#shared/json/parse-json.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { executingFrames } from '../../../support/hostile-frames.ts';
import { recordedFrames } from '../../../support/pickle-records.ts';

const FRAMES = 100_000 * TEST_SCALE;
/** Longer frames say nothing new and take their time. */
const LONGEST = 1_500;

/** Bytes that mean something where they land: opcodes and lengths. */
const OPCODES = Buffer.from('(.0123NIJKLMPQRSTUVXabcdeghijlopqrstu})]FG', 'latin1');

const MUTATIONS: readonly ((frame: Buffer, random: Random, other: Buffer) => Buffer)[] = [
	(frame, random) => frame.subarray(0, random.below(frame.length)),
	(frame, random) => {
		const copy = Buffer.from(frame);
		for (let left = 1 + random.below(4); left > 0; left--) {
			copy[random.below(copy.length)] = random.below(256);
		}
		return copy;
	},
	(frame, random) => {
		const copy = Buffer.from(frame);
		copy[random.below(copy.length)] = random.pick([...OPCODES]);
		return copy;
	},
	(frame, random) => {
		const copy = Buffer.from(frame);
		const at = random.below(copy.length);
		copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
		return copy;
	},
	// A piece is missing, is there twice, or comes from another frame.
	(frame, random) => {
		const at = random.below(frame.length);
		return Buffer.concat([frame.subarray(0, at), frame.subarray(at + 1 + random.below(12))]);
	},
	(frame, random) => {
		const at = random.below(frame.length);
		const end = at + random.below(40);
		return Buffer.concat([frame.subarray(0, end), frame.subarray(at)]);
	},
	(frame, random, other) => {
		const at = random.below(other.length);
		return Buffer.concat([frame.subarray(0, random.below(frame.length)), other.subarray(at)]);
	},
	(_, random) => Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))),
	(_, random) =>
		Buffer.from(Array.from({ length: random.below(300) }, () => random.pick([...OPCODES]))),
];

describe('frames with mistakes in them', () => {
	const frames = [...recordedFrames(), ...executingFrames('false')]
		.map(({ frame }) => frame)
		.filter(({ length }) => length <= LONGEST);

	test('become a line or a reason, whatever is in them', { timeout: 300_000 * TEST_SCALE }, () => {
		const random = new Random(7);
		const count = { lines: 0, refused: 0 };
		const wrong: unknown[] = [];
		for (let round = 0; round < FRAMES; round++) {
			const frame = random.pick(MUTATIONS)(random.pick(frames), random, random.pick(frames));
			// Anything else that is thrown fails the test with its stack.
			const reading = recordLine(frame, 0);
			count['refused' in reading ? 'refused' : 'lines'] += 1;
			if (!isWhole(reading)) {
				wrong.push({ frame: frame.toString('base64'), ...reading });
			}
		}
		expect(wrong).toEqual([]);
		// Both ways are gone often.
		expect(count.lines).toBeGreaterThan(FRAMES / 20);
		expect(count.refused).toBeGreaterThan(FRAMES / 3);
	});
});

const KEYS = 'ts,level,message,logger,task_id,extra';

/** A sentence, or one line with AsyncZ's keys that the app's own reader can read. */
function isWhole(reading: FrameReading): boolean {
	if ('refused' in reading) {
		return /^(?:The|An?) .*\.$/.test(reading.refused);
	}
	const node = parseJson(reading.line);
	const keys = node?.kind === 'object' ? node.members.map(({ key }) => key).join() : undefined;
	return keys === KEYS && !reading.line.includes('\n');
}

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from 'vitest';
import { recordLine } from '#feeds/pickle/record-line.ts';
import type { FrameReading } from '#feeds/pickle/record-line.ts';
import { executingFrames, hostileFrames } from '../../../support/hostile-frames.ts';
import type { HostileReadings } from '../../../support/hostile-frames-thread.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

const MEGABYTES = 128;
const HOSTILE = hostileFrames();

describe('a frame that would run a command', () => {
	test('does so where Python loads it', () => {
		const marker = join(temporaryFolder(), 'executed');
		const [first] = executingFrames(`touch ${marker}`);
		execFileSync('python3', ['-c', 'import pickle, sys; pickle.load(sys.stdin.buffer)'], {
			input: first?.frame,
		});
		expect(existsSync(marker)).toBe(true);
	});

	test.each(executingFrames('').map(({ name }) => name))('is only shown: %s', (name) => {
		const marker = join(temporaryFolder(), 'executed');
		const frames = executingFrames(`touch ${marker}`);
		const hostile = frames.find((frame) => frame.name === name);
		const reading = recordLine(hostile?.frame ?? Buffer.alloc(0), 0);
		expect(reading).toEqual({ line: expect.stringContaining(hostile?.shows ?? '?') });
		expect(existsSync(marker)).toBe(false);
	});
});

describe('a hostile frame', () => {
	let readings: HostileReadings;

	beforeAll(async () => {
		const thread = new Worker(
			new URL('../../../support/hostile-frames-thread.ts', import.meta.url),
			{ resourceLimits: { maxOldGenerationSizeMb: MEGABYTES } },
		);
		// A thread that needs more ends with an error, and so does this.
		[readings] = (await once(thread, 'message')) as [HostileReadings];
		await thread.terminate();
	}, 60_000);

	test.each(HOSTILE.map(({ name }, at) => ({ name, at })))(
		'is refused with its reason or defused: $name',
		({ at }) => {
			expect(readings[at]).toSatisfy((reading: FrameReading) => isAsIntended(reading, at));
		},
	);

	test('leaves no trace in the prototypes of this process', () => {
		const polluting = HOSTILE.find(({ name }) => name === 'a prototype');
		recordLine(polluting?.frame ?? Buffer.alloc(0));
		expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
	});
});

function isAsIntended(reading: FrameReading, at: number): boolean {
	const { refused, shows = '?' } = HOSTILE[at] ?? {};
	return 'refused' in reading
		? refused?.test(reading.refused) === true
		: refused === undefined && reading.line.includes(shows);
}

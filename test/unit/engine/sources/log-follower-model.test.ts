import { expect, test } from 'vitest';
import { LogFollower } from '#engine/sources/log-follower.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { makeTempFolder, removeFolder } from '../../../support/temp-folder.ts';
import { FakeSink } from './fake-sink.ts';
import { isUnique, ModelLog } from './log-model.ts';

const FIRST_SEED = Number(process.env['MODEL_SEED'] ?? 1);
const SEQUENCES = Number(process.env['MODEL_COUNT'] ?? 600 * TEST_SCALE);
const STEPS = 40;
const MAX_TURNS = 500;

/** So small that logs of some lines are left, come in turns and pile up. */
const SMALL = { tailBytes: 300, backlogBytes: 900, chunkBytes: 400, turnBytes: 800 };

const ACTIONS: readonly (readonly [weight: number, action: string])[] = [
	[30, 'append'],
	[4, 'half'],
	[5, 'late'],
	[24, 'poll'],
	[9, 'rename'],
	[5, 'copyTruncate'],
	[3, 'copy'],
	[3, 'copyTruncateStale'],
	[4, 'rewriteLarger'],
	[3, 'recreate'],
	[2, 'moveAway'],
	[3, 'save'],
	[4, 'gz'],
	[2, 'zst'],
	[5, 'restart'],
	[2, 'wait'],
];

/** One sequence of random actions, and what has to be stored after each look at the files. */
class Sequence {
	readonly trace: string[] = [];
	readonly #random: Random;
	readonly #log: ModelLog;
	readonly #sink = new FakeSink();
	readonly #limits: typeof SMALL | undefined;
	readonly #must = new Set<string>();
	/** Inodes that had a name when the follower looked: it reads them on without one. */
	readonly #followed = new Set<bigint>();
	#follower: LogFollower;
	#now = 0;
	/** Nothing before this call may be forgotten: its files are gone, as the log's owner wanted. */
	#kept = 0;

	constructor(folder: string, seed: number) {
		this.#random = new Random(seed);
		this.#limits = this.#random.chance(0.5) ? SMALL : undefined;
		this.#log = new ModelLog(folder, this.#random);
		this.#follower = this.#start();
	}

	get lineCount(): number {
		return this.#log.lineCount;
	}

	/** What went wrong, if anything did. */
	async run(): Promise<unknown> {
		for (let step = 0; step < STEPS; step++) {
			const action = this.#pick();
			this.trace.push(action);
			const wrong = await this.#do(action);
			if (wrong !== undefined) {
				return { wrong, trace: this.trace.slice(-12), calls: this.#sink.calls.slice(-15) };
			}
		}
		const wrong = await this.#poll();
		return wrong === undefined ? undefined : { wrong, trace: this.trace, calls: this.#sink.calls };
	}

	async close(): Promise<void> {
		await this.#follower.close();
		this.#log.close();
	}

	async #do(action: string): Promise<unknown> {
		const log = this.#log;
		if (log.isCopied && !['append', 'half', 'late', 'poll'].includes(action)) {
			log.truncateCopied();
			const wrong = await this.#poll();
			this.#kept = this.#sink.callCount;
			return wrong;
		}
		switch (action) {
			case 'poll':
				return this.#poll();
			case 'restart':
				return this.#restart();
			case 'wait':
				// A line whose end comes later than this is two lines in a log that was left.
				this.#now += log.hasHalfLine ? 1_000 : 6_000;
				if (!log.hasHalfLine) {
					log.endLate();
				}
				return undefined;
			case 'gz':
			case 'zst':
				log.compress(action);
				return undefined;
			default:
				log[action as 'append']();
				return undefined;
		}
	}

	/** All that can be read now has to be stored once it was looked at. */
	async #poll(): Promise<unknown> {
		this.#now += 10;
		this.#log.visible().forEach((line) => this.#must.add(line));
		for (const writer of this.#log.lateWriters) {
			if (this.#followed.has(writer.inode)) {
				this.#log.linesOf(writer).forEach((line) => this.#must.add(line));
			}
		}
		for (let turns = 0; await this.#follower.step({ scan: true }); turns++) {
			if (turns > MAX_TURNS) {
				return { reads: 'without end', files: this.#follower.progress.files };
			}
		}
		return this.#findWrong();
	}

	async #restart(): Promise<void> {
		await this.#follower.close();
		const back = this.#random.chance(0.5) ? 0 : this.#random.below(12);
		this.#sink.crash(Math.max(this.#sink.callCount - back, this.#kept));
		this.#must.clear();
		this.#sink.lines.forEach((line) => this.#must.add(clean(line)));
		this.#follower = this.#start();
	}

	#start(): LogFollower {
		return new LogFollower(
			{ type: 'file', path: this.#log.path },
			{
				sink: this.#sink,
				onProgress: () => undefined,
				now: () => this.#now,
				...(this.#limits === undefined ? {} : { limits: this.#limits }),
			},
		);
	}

	#findWrong(): unknown {
		const counts = new Map<string, number>();
		for (const line of this.#sink.lines.map(clean)) {
			counts.set(line, (counts.get(line) ?? 0) + 1);
		}
		const lost = [...this.#must].filter((line) => isUnique(line) && !counts.has(line));
		const doubled = [...counts].filter(([line, count]) => isUnique(line) && count > 1);
		const { files } = this.#follower.progress;
		const unequal = files.filter(({ generation, sizeBytes, heldBytes }) => {
			const taken = this.#sink.logs.find(({ id }) => id === generation)?.identity.end ?? 0;
			return sizeBytes !== taken + heldBytes;
		});
		return lost.length + doubled.length + unequal.length === 0
			? undefined
			: { lost: lost.slice(0, 3), doubled: doubled.slice(0, 3), unequal };
	}

	#pick(): string {
		let left = this.#random.below(ACTIONS.reduce((sum, [weight]) => sum + weight, 0));
		for (const [weight, action] of ACTIONS) {
			left -= weight;
			if (left < 0) {
				return action;
			}
		}
		return 'append';
	}
}

function clean(line: string): string {
	return line.replace(/^\0+/, '');
}

test(
	`every line that can be read is stored once, whatever is done with its files (${SEQUENCES} × ${STEPS} actions)`,
	async () => {
		const failed: unknown[] = [];
		let lines = 0;
		for (let seed = FIRST_SEED; seed < FIRST_SEED + SEQUENCES && failed.length < 5; seed++) {
			const folder = makeTempFolder();
			const sequence = new Sequence(folder, seed);
			const wrong = await sequence.run();
			await sequence.close();
			removeFolder(folder);
			lines += sequence.lineCount;
			if (wrong !== undefined) {
				failed.push({ seed, wrong });
			}
		}
		expect(failed).toEqual([]);
		expect(lines).toBeGreaterThan(SEQUENCES);
	},
	600_000 * TEST_SCALE,
);

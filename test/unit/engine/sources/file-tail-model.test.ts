import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { until } from '../../../support/until.ts';
import { FollowedFile, newFile } from './followed-file.ts';

const ROUNDS = 10 * TEST_SCALE;
const STEPS = 30;
const SMALL = { tailBytes: 300, chunkBytes: 500, pollMs: 2, lingerMs: 60_000 };

/** A log, whoever writes it and whatever is done with its file. Every line of it is unlike all others. */
class WrittenFile {
	readonly lines: string[] = [];
	readonly path = newFile();
	readonly #random: Random;
	#writer = fs.openSync(this.path, 'a');
	#left: number[] = [];
	/** The unfinished line at the end of the file. */
	#half = '';
	#rotations = 0;

	constructor(random: Random) {
		this.#random = random;
	}

	append(count = 1 + this.#random.below(6)): void {
		const added = Array.from({ length: count }, (_, n) => this.#newLine(n));
		const [first = '', ...others] = added;
		const half = this.#random.chance(0.3) ? this.#newLine(99) : '';
		fs.writeSync(this.#writer, [`${first.slice(this.#half.length)}`, ...others, half].join('\n'));
		this.lines.push(...added);
		this.#half = half;
	}

	/** The file gets another name; its writer may go on for a while. */
	rotate(): void {
		this.#finishHalf();
		fs.renameSync(this.path, `${this.path}.${this.#rotations++}`);
		this.#left.push(this.#writer);
		if (this.#random.chance(0.3)) {
			this.writeLate();
		}
		this.#writer = fs.openSync(this.path, 'a');
		this.append(this.#random.pick([1, 3, 40]));
	}

	writeLate(): void {
		const late = this.#left.at(-1);
		if (late !== undefined) {
			const line = `late ${this.lines.length}`;
			fs.writeSync(late, `${line}\n`);
			this.lines.push(line);
		}
	}

	/** A new file with the same lines and more takes the name, as an editor saves it. */
	save(): void {
		this.#finishHalf();
		fs.closeSync(this.#writer);
		fs.copyFileSync(this.path, `${this.path}.new`);
		this.#writer = fs.openSync(`${this.path}.new`, 'a');
		this.append();
		fs.renameSync(`${this.path}.new`, this.path);
	}

	/** Only where all was read: what is truncated away is lost to everyone. */
	truncate(): void {
		this.#finishHalf();
		return fs.truncateSync(this.path);
	}

	remove(): void {
		this.#finishHalf();
		fs.closeSync(this.#writer);
		fs.rmSync(this.path);
	}

	create(): void {
		this.#writer = fs.openSync(this.path, 'a');
		this.append(this.#random.pick([1, 50]));
	}

	end(): void {
		this.#finishHalf();
	}

	endLateWriters(): void {
		this.#left.forEach((file) => fs.closeSync(file));
		this.#left = [];
	}

	close(): void {
		fs.closeSync(this.#writer);
		this.endLateWriters();
	}

	#newLine(n: number): string {
		const name = `${this.lines.length}.${n}`;
		return this.#half !== '' && n === 0
			? this.#half
			: this.#random.pick([
					`{"message": "${name}"}`,
					`plain ${name}`,
					`ß ${name} ${'x'.repeat(40)}`,
				]);
	}

	#finishHalf(): void {
		if (this.#half !== '') {
			fs.writeSync(this.#writer, '\n');
			this.lines.push(this.#half);
			this.#half = '';
		}
	}
}

test(`every line is read once, whatever is done with the file (${ROUNDS} × ${STEPS} steps)`, async () => {
	for (let seed = 1; seed <= ROUNDS; seed++) {
		const random = new Random(seed);
		const file = new WrittenFile(random);
		const steps: string[] = [];
		let followed = new FollowedFile(file.path, SMALL);
		const seen = () => followed.logs.flat().filter((line) => line !== '');
		const untilAll = () =>
			until('all lines', () => seen().length >= file.lines.length, {
				instead: () => ({
					seed,
					steps,
					lost: file.lines.filter((line) => !seen().includes(line)),
					progress: followed.progress,
				}),
			});
		await until('a first look', () => followed.progress);
		for (let step = 0; step < STEPS; step++) {
			const action = random.pick([
				'append',
				'append',
				'rotate',
				'late',
				'save',
				'truncate',
				'remove',
				'restart',
			]);
			steps.push(action);
			if (action === 'append') {
				file.append();
			} else if (action === 'late') {
				file.writeLate();
			} else if (action === 'rotate' || action === 'save') {
				// Two of them unseen would be a file that never had its name while somebody looked.
				file.append();
				file.end();
				await untilAll();
				file.append();
				file[action]();
			} else {
				file.append();
				file.end();
				await untilAll();
				if (action === 'truncate') {
					file.truncate();
					await until('the new size', () => followed.progress?.sizeBytes === 0);
				} else if (action === 'remove') {
					file.remove();
					await followed.untilState('missing');
					file.create();
				} else {
					await followed.stop();
					file.endLateWriters(); // a file that went before is not known to what is begun now
					followed = new FollowedFile(file.path, SMALL, followed);
				}
			}
		}
		file.end();
		await untilAll();
		await followed.stop();
		expect({ seed, steps, lines: seen().sort() }).toEqual({
			seed,
			steps,
			lines: file.lines.toSorted(),
		});
		file.close();
	}
}, 120_000);

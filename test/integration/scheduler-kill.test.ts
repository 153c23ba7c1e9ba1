import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { sendingLines, servingLines } from '../../src/renderer/lib/python-lines.ts';
import { firstDifference } from '../support/entries.ts';
import { FeedApp } from '../support/feed-app.ts';
import { pythonEnvironment } from '../support/python-env.ts';
import { PythonProcess } from '../support/python-process.ts';
import { temporaryFolder } from '../support/temp-folder-of-test.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const APP_KILLS = 2;
/** The numbers of a scheduler that was started again come after this one. */
const AGAIN = 1_000_000;

const environment = pythonEnvironment();
if (environment.missing !== undefined) {
	process.stderr.write(`Left out: real schedulers that are killed. ${environment.missing}\n`);
}

/** A scheduler that logs numbers, in a process that can be killed and started again. */
class Scheduler {
	readonly name: string;
	readonly source: string;
	readonly #lines: string;
	readonly #env: Readonly<Record<string, string>>;
	#process!: PythonProcess;
	/** All numbers up to this one have left it. */
	left = 0;

	constructor(
		name: string,
		lines: string | undefined,
		env: Readonly<Record<string, string>>,
		source = name,
	) {
		this.name = name;
		this.source = source;
		this.#lines = lines ?? '';
		this.#env = env;
	}

	async start(after: number): Promise<void> {
		const script = ['numbering_scheduler.py', this.name, String(after)] as const;
		this.#process = new PythonProcess(environment, [...script], this.#env);
		onTestFinished(() => this.#process.kill());
		await this.#process.read();
		this.#process.write(JSON.stringify(this.#lines));
		this.left = after;
		void this.#follow(this.#process);
	}

	/** Has it log no more. The last number, once all have left it. */
	async stop(): Promise<number> {
		this.#process.write('stop');
		return await until('the last number', () => this.#last, { deadlineMs: MINUTE });
	}

	kill(): Promise<void> {
		return this.#process.kill();
	}

	#last: number | undefined;

	async #follow(child: PythonProcess): Promise<void> {
		for (;;) {
			const line = await child.read().catch(() => undefined); // it was killed
			if (line === undefined) {
				return;
			}
			const [word = '', last] = line.split(' ');
			if (last === undefined) {
				this.left = Number(word);
			} else {
				this.#last = Number(last);
			}
		}
	}
}

test.skipIf(environment.missing !== undefined)(
	'the app and its schedulers are killed while they log: nothing is lost or twice, or it has its gap',
	async () => {
		const base = temporaryFolder();
		const served = `unix:${join(base, 'served', 'feed.sock')}`;
		const file = join(base, 'scheduler.jsonl');
		writeFileSync(file, '');
		const app = new FeedApp(base, ['--connect', served, file]);
		onTestFinished(() => app.kill());
		const env = { XDG_RUNTIME_DIR: join(base, 'run') };
		const fixed = `unix:${app.socketPath}`;
		const acked = [
			new Scheduler('sends', sendingLines(fixed, 'package', fixed), env),
			new Scheduler('serves', servingLines(served), env),
			new Scheduler(
				'writes',
				`from asyncz_companion import install_companion\ninstall_companion(scheduler, "file:${file}")`,
				env,
				'scheduler.jsonl',
			),
		];
		const plain = new Scheduler('SocketHandler', sendingLines(fixed, 'stdlib', fixed), env);
		const schedulers = [...acked, plain];
		const shown = async ({ source }: Scheduler): Promise<number> => {
			const query = `source="${source}" logger=asyncz.task`;
			const { rows } = await app.client.engine.query({ query, limit: 1, offset: 0 });
			return Number(rows[0]?.message ?? 0);
		};
		const untilMore = (count: number) =>
			Promise.all(
				schedulers.map(async (scheduler) => {
					const enough = scheduler.left + count;
					await until(
						`${scheduler.name} to go on`,
						async () => (await shown(scheduler)) >= enough,
						{
							deadlineMs: MINUTE,
							instead: () => app.client.engine.getState({}),
						},
					);
				}),
			);

		await app.start();
		await app.untilEndpoint(app.socketPath, 'listening');
		await Promise.all(schedulers.map((scheduler) => scheduler.start(0)));
		await untilMore(50);
		for (let kill = 0; kill < APP_KILLS; kill++) {
			await app.kill();
			await app.start();
			await untilMore(50);
		}
		await Promise.all(schedulers.map((scheduler) => scheduler.kill()));
		const left = schedulers.map((scheduler) => scheduler.left);
		await Promise.all(schedulers.map((scheduler) => scheduler.start(AGAIN)));
		await untilMore(50);
		const last = await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
		await until(
			'the last numbers',
			async () => {
				const numbers = await Promise.all(schedulers.map(shown));
				return firstDifference(numbers, last) === undefined;
			},
			{ deadlineMs: MINUTE },
		);

		for (const [at, scheduler] of schedulers.entries()) {
			const numbers: number[] = [];
			const losses: { readonly after: number; readonly hasGap: boolean }[] = [];
			let hasGap = false;
			for (const { message, logger, flags } of await app.rows(`source="${scheduler.source}"`)) {
				if ((flags & EntryFlag.gap) !== 0) {
					hasGap = true;
				} else if (logger === 'asyncz.task') {
					const before = numbers.at(-1) ?? 0;
					if (Number(message) !== before + 1 && Number(message) !== AGAIN + 1) {
						losses.push({ after: before, hasGap });
					}
					numbers.push(Number(message));
					hasGap = false;
				}
			}
			const ordered = [...new Set(numbers)].toSorted((one, other) => one - other);
			expect([scheduler.name, firstDifference(numbers, ordered)]).toEqual([
				scheduler.name,
				undefined,
			]);
			expect([scheduler.name, losses.filter((loss) => !loss.hasGap)]).toEqual([scheduler.name, []]);
			// SocketHandler sends nothing again, so it loses what it logs while nobody is there.
			expect([scheduler.name, losses.length > 0]).toEqual([scheduler.name, scheduler === plain]);
			// What had left a scheduler when it was killed is there.
			const kept = numbers.filter((number) => number <= AGAIN).at(-1);
			expect(kept).toBeGreaterThanOrEqual(left[at] ?? 0);
		}
	},
	4 * MINUTE,
);

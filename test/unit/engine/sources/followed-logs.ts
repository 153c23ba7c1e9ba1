import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { LogFollower } from '#engine/sources/log-follower.ts';
import type { FollowerOptions } from '#engine/sources/log-follower.ts';
import type { FollowerProgress } from '#engine/sources/follower-progress.ts';
import type { SourceConfig } from '#shared/model/source.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';
import { FakeSink } from './fake-sink.ts';

/** Every suite that follows real files runs with the watcher and without it. */
export const WATCHERS = [
	['with the watcher', true],
	['without the watcher', false],
] as const;

/** A follower at work, and what it has handed over so far. Stopped after the test. */
export class FollowedLogs {
	readonly sink: FakeSink;
	readonly states: string[] = [];
	readonly #config: SourceConfig;
	readonly #options: Partial<FollowerOptions>;
	#abort = new AbortController();
	#done: Promise<void>;
	progress: FollowerProgress | undefined;

	constructor(
		config: string | SourceConfig,
		options: Partial<FollowerOptions> = {},
		sink = new FakeSink(),
	) {
		this.#config = typeof config === 'string' ? { type: 'file', path: config } : config;
		this.#options = { pollMs: 10, scanMs: 50, ...options };
		this.sink = sink;
		this.#done = this.#run();
		onTestFinished(() => this.stop());
	}

	/** All lines, without NULs before them. */
	get lines(): readonly string[] {
		return this.sink.lines.map((line) => line.replace(/^\0+/, ''));
	}

	/** Waits for these lines, each once, in any order. */
	async untilLines(expected: readonly string[], deadlineMs = 10_000): Promise<void> {
		const wanted = JSON.stringify(expected.toSorted());
		await until(
			`${expected.length} lines`,
			() => JSON.stringify(this.lines.toSorted()) === wanted,
			{
				deadlineMs,
				instead: () => ({
					lost: expected.filter((line) => !this.lines.includes(line)).slice(0, 5),
					more: this.lines
						.filter((line, at) => !expected.includes(line) || this.lines.indexOf(line) !== at)
						.slice(0, 5),
					calls: this.sink.calls.slice(-12),
					progress: this.progress,
				}),
			},
		);
	}

	async untilState(state: string): Promise<FollowerProgress> {
		return until(
			`the state ${state}`,
			() => (this.progress?.state === state ? this.progress : false),
			{
				instead: () => this.progress,
			},
		);
	}

	/** Stops, does something, and goes on; `crash`: what it forgot is read again. */
	async restart(meanwhile: () => unknown = () => undefined, forget = 0): Promise<void> {
		await this.stop();
		this.sink.crash(Math.max(this.sink.callCount - forget, 0));
		await meanwhile();
		this.#abort = new AbortController();
		this.#done = this.#run();
	}

	async stop(): Promise<void> {
		this.#abort.abort();
		await this.#done;
	}

	async #run(): Promise<void> {
		const follower = new LogFollower(this.#config, {
			...this.#options,
			sink: this.sink,
			onProgress: (progress) => {
				this.progress = progress;
				if (this.states.at(-1) !== progress.state) {
					this.states.push(progress.state);
				}
			},
		});
		await follower.run(this.#abort.signal);
	}
}

/** A log of these lines in a folder of its own, removed after the test. */
export function newLog(lines: readonly string[] = [], name = 'app.log'): string {
	const path = join(temporaryFolder(), name);
	writeFileSync(path, textOf(lines));
	return path;
}

/** Lines `<name> <from>` to `<name> <to - 1>`. */
export function numbered(name: string, from: number, to: number): string[] {
	return Array.from({ length: to - from }, (_, index) => `${name} ${from + index}`);
}

export function textOf(lines: readonly string[]): string {
	return lines.map((line) => `${line}\n`).join('');
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FileTail } from '#engine/sources/file-tail.ts';
import type { FileTailOptions } from '#engine/sources/file-tail.ts';
import type { LineBatch, SourcePosition, SourceProgress } from '#engine/sources/source.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';
import { until } from '../../../support/until.ts';

/** For `expect.poll`: what a follower sees in a moment. */
export const SOON = { interval: 5, timeout: 10_000 };

/** A file with some text in a folder of its own, removed after the test. */
export function newFile(text = '', name = 'app.log'): string {
	const path = join(temporaryFolder(), name);
	writeFileSync(path, text);
	return path;
}

/**
 * A `FileTail` at work, and what it has given so far: the lines of each log in their order in the
 * file, one log after another. Stopped after the test.
 */
export class FollowedFile {
	readonly logs: string[][];
	readonly batches: LineBatch[] = [];
	readonly states: string[] = [];
	readonly #abort = new AbortController();
	readonly #done: Promise<void>;
	progress: SourceProgress | undefined;

	/** Goes on where `before` was stopped, if given. */
	constructor(
		path: string,
		options: Partial<FileTailOptions> = {},
		before?: Pick<FollowedFile, 'logs' | 'position'>,
	) {
		this.logs = before?.logs.map((log) => [...log]) ?? [];
		const tail = new FileTail(path, {
			pollMs: 20,
			onProgress: (progress) => {
				this.progress = progress;
				if (this.states.at(-1) !== progress.state) {
					this.states.push(progress.state);
				}
			},
			...options,
		});
		this.#done = this.#read(tail, before?.position);
		onTestFinished(() => this.stop());
	}

	get lines(): readonly string[] {
		return this.logs.at(-1) ?? [];
	}

	get position(): SourcePosition | undefined {
		return this.batches.at(-1)?.position;
	}

	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	async untilState(state: string): Promise<void> {
		await until(`the state ${state}`, () => this.progress?.state === state, {
			instead: () => this.progress,
		});
	}

	async stop(): Promise<void> {
		this.#abort.abort();
		await this.#done;
	}

	async #read(tail: FileTail, from: SourcePosition | undefined): Promise<void> {
		for await (const batch of tail.read(from, this.#abort.signal)) {
			const texts = batch.lines.map(({ text }) => text);
			if (batch.place === 'first' || this.logs.length === 0) {
				this.logs.push(texts);
			} else if (batch.place === 'next') {
				this.logs.at(-1)?.push(...texts);
			} else {
				this.logs.at(-1)?.unshift(...texts);
			}
			this.batches.push(batch);
			if (this.#abort.signal.aborted) {
				return;
			}
		}
	}
}

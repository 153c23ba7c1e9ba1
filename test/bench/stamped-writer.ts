import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Lines at a steady rate, or at once all up to a number. */
export type WriterOrder =
	{ readonly rate: number; readonly seconds: number } | { readonly end: number };

export interface WriterReport {
	/** Lines written so far. */
	readonly written: number;
	/** When the lines before number `end`, and after the batch before, were stamped. */
	readonly batches: readonly { readonly stamped: number; readonly end: number }[];
	/** How long it took. */
	readonly seconds: number;
}

/** A process that appends stamped lines to a file, or sends them to a socket, one order after the other. */
export class StampedWriter {
	readonly #child: ChildProcess;
	#answer = Promise.withResolvers<WriterReport>();

	constructor(path: string) {
		this.#child = fork(new URL('write-stamped.ts', import.meta.url), [path], { execArgv: [] });
		this.#child.on('message', (report) => this.#answer.resolve(report as WriterReport));
		this.#child.on('exit', () => this.#answer.reject(new Error('The writer ended')));
		this.#answer.promise.catch(() => {});
	}

	/** Resolves when the lines are written. */
	async write(order: WriterOrder): Promise<WriterReport> {
		if (!this.#child.connected) {
			throw new Error('The writer ended');
		}
		this.#answer = Promise.withResolvers<WriterReport>();
		this.#answer.promise.catch(() => {});
		this.#child.send(order);
		return this.#answer.promise;
	}

	close(): void {
		if (this.#child.connected) {
			this.#child.disconnect();
		}
	}
}

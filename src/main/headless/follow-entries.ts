import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '#shared/errors.ts';
import type { ExportRequest } from '#shared/model/export.ts';
import type { EngineHost } from '../engine-host.ts';
import type { OutputSink } from './output.ts';
import { sendExport } from './send-export.ts';
import { untilAborted } from './stop-signal.ts';

/** What has come is printed after this time: the lines of a traceback come one by one. */
const PAUSE_MS = 100;

/** A storage that gives no answer is asked again after this time. */
const RETRY_MS = 1_000;

/** What following needs. */
export interface EntriesToFollow {
	readonly engine: EngineHost;
	readonly output: OutputSink;
	/** What is asked for at the moment: the sources may be others than before. */
	readonly request: () => Promise<ExportRequest>;
	/** All that was there is printed. */
	readonly onCaughtUp: () => Promise<void>;
	/** The storage that is asked gives no answer: a sentence. It is asked again. */
	readonly onAway: (sentence: string) => void;
	/** Asks for the end: at once while it prints what was there, and else after a last turn. */
	readonly stop: AbortSignal;
	/** Lets what is on its way arrive, before that turn. */
	readonly onStop: () => Promise<void>;
}

/**
 * Prints what a request asks for, and then what comes, in order of arrival and each entry once.
 * Resolves when it is stopped or nobody reads any more; rejects when the engine has gone, and when
 * the storage that is asked fails before what was there is printed, or while it is stopped.
 *
 * Each turn is an export of what arrived after the one before. An export does not begin before
 * what stands behind its newest entry is read: nothing that comes later gets a place before it.
 */
export async function followEntries(options: EntriesToFollow): Promise<void> {
	const { engine, output, request, onCaughtUp, onAway, stop, onStop } = options;
	let newest = 0;
	let change = Promise.withResolvers<void>();
	let failure: AppError | undefined;
	const unsubscribe = engine.subscribe({
		storageChanged: ({ watermark }) => {
			newest = Math.max(newest, watermark);
			change.resolve();
		},
		engineChanged: ({ up, message = '' }) => {
			failure = up ? undefined : new AppError('closed', message);
			change.resolve();
		},
	});
	const stopped = untilAborted(stop);
	try {
		let after = await Promise.race([
			sendExport(engine, await request(), output),
			stopped.then(() => undefined),
		]);
		if (after !== undefined) {
			await onCaughtUp();
		}
		let turn = new Turn(output);
		while (after !== undefined) {
			if (failure !== undefined) {
				throw failure;
			}
			const isLast = stop.aborted;
			if (isLast) {
				await onStop();
			} else if (newest <= after) {
				await Promise.race([change.promise, stopped]);
				change = Promise.withResolvers();
				continue;
			} else {
				await Promise.race([delay(PAUSE_MS), stopped]);
			}
			try {
				const upTo = await sendExport(engine, since(await request(), after), turn);
				after = upTo === undefined || isLast ? undefined : Math.max(after, upTo);
				turn = new Turn(output);
			} catch (error) {
				if (isLast || !(error instanceof AppError && error.code === 'storage-failed')) {
					throw error;
				}
				onAway(error.message);
				turn.begin();
				await Promise.race([delay(RETRY_MS), stopped]);
			}
		}
	} finally {
		unsubscribe();
	}
}

/** What one turn writes: where it has to be tried again, what was written of it is left out. */
class Turn implements Pick<OutputSink, 'write'> {
	readonly #output: OutputSink;
	#written = 0;
	#place = 0;

	constructor(output: OutputSink) {
		this.#output = output;
	}

	/** It is tried again. */
	begin(): void {
		this.#place = 0;
	}

	async write(bytes: Uint8Array): Promise<boolean> {
		const rest = bytes.subarray(Math.max(this.#written - this.#place, 0));
		this.#place += bytes.length;
		this.#written = Math.max(this.#written, this.#place);
		return this.#output.write(rest);
	}
}

/** The same of what arrived after `seq`, as it arrived. */
function since({ filter, ...request }: ExportRequest, seq: number): ExportRequest {
	return {
		...request,
		filter: { ...filter, arrived_after: seq },
		order: 'arrival',
		limit: 0,
		head: false,
	};
}

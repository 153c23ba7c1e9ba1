import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '#shared/errors.ts';
import type { FedStorage } from '../segments/ingest/spool.ts';
import type { SegmentStorage } from '../segments/segment-storage.ts';
import type { SeqRange } from '../segments/segment/segment.ts';
import { inThisRun, wantedBetween } from '../segments/sqlite/forwards.ts';
import type { Forward } from '../segments/sqlite/forwards.ts';
import type { NewEntry } from '../storages/log-storage.ts';
import type { HandedOn } from './handed-on.ts';

/** What has come is handed on after this time: the lines of a traceback come one by one. */
const PAUSE_MS = 100;

/** What can be handed on is looked at so often even if nobody says that there is something. */
const LOOK_MS = 1_000;

/** How long to wait before each try in a row; the last one repeats. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000];

/** What a forwarder is given. */
export interface ForwarderOptions {
	readonly local: Pick<SegmentStorage, 'readBatch' | 'spool' | 'stats' | 'flush'>;
	/** How far the storage has come. */
	readonly forward: Forward;
	/** How far each log has; `undefined`: it keeps nothing for longer than the app runs. */
	readonly handedOn: HandedOn | undefined;
	/** Another one still feeds it until this resolves. */
	readonly after?: Promise<void> | undefined;
	/** Stores entries; they are stored when it resolves. A rejection says why not, as a sentence. */
	readonly append: (entries: readonly NewEntry[]) => Promise<void>;
	/** See `FedStorage`. */
	readonly isReadOnly?: () => boolean;
	/** The `seq` before which all is read. */
	readonly readBefore: () => number;
	/** It has come further, or takes nothing any more, or again. */
	readonly onChange: () => void;
	/** See `RETRY_MS`. */
	readonly retryMs?: readonly number[];
}

/**
 * Hands on to one storage what is in the local database, in order of arrival and one batch at a time,
 * again and again until it is taken. An entry is handed on once it is in the database, and where that
 * has come to is remembered there: after a crash it is a batch at most that is offered twice.
 */
export class Forwarder implements FedStorage {
	readonly #options: ForwarderOptions;
	readonly #stop = new AbortController();
	#forward: Forward;
	/** The newest entry there was: no other one can have been offered before. */
	readonly #last: number;
	/** It goes by the name of this run. */
	#isNamed = false;
	/** A batch is being read or was offered: whether what is in it was taken is not known yet. */
	#isUnderWay = false;
	/** What is to be counted as missed when it is. */
	#counts: (() => number)[] = [];
	#hasTaken = false;
	#message: string | undefined;
	#attempt = 0;
	#change = Promise.withResolvers<void>();
	#retry = Promise.withResolvers<void>();
	readonly #done: Promise<void>;

	constructor(options: ForwarderOptions) {
		this.#options = options;
		this.#forward = options.forward;
		this.#last = options.local.stats().watermark;
		this.#done = this.#begin();
	}

	get forward(): Forward {
		return this.#forward;
	}

	get readBefore(): number {
		return this.#options.readBefore();
	}

	get isStuck(): boolean {
		return this.#message !== undefined;
	}

	get isReadOnly(): boolean {
		return this.#options.isReadOnly?.() ?? false;
	}

	/** Whether it was given something since it is in use. */
	get hasTaken(): boolean {
		return this.#hasTaken;
	}

	/** Why the storage takes nothing at the moment. */
	get message(): string | undefined {
		return this.#message;
	}

	/** Entries that are still to be handed on. */
	get waiting(): number {
		const { spool } = this.#options.local;
		const { after, had_after, had_to } = this.#forward;
		const had = after < had_after ? spool.waiting(had_after) - spool.waiting(had_to) : 0;
		return spool.waiting(after) - had;
	}

	left(entries: readonly SeqRange[]): void {
		this.#count(() =>
			entries.reduce((sum, { from, to }) => sum + wantedBetween(this.#forward, from, to), 0),
		);
	}

	came({ from, to }: SeqRange): void {
		this.#count(() => to - from + 1 - wantedBetween(this.#forward, from, to));
	}

	/** There may be something to hand on. */
	look(): void {
		this.#change.resolve();
	}

	/** What has kept it from being taken may be over: it is tried again at once. */
	tryAgain(): void {
		this.#retry.resolve();
	}

	/** Hands nothing more on. Resolves when the storage has answered what it was asked. */
	async stop(): Promise<void> {
		this.#stop.abort();
		this.#change.resolve();
		this.#retry.resolve();
		await this.#done;
	}

	async #begin(): Promise<void> {
		const { after, local } = this.#options;
		if (after !== undefined) {
			await after;
			const known = local.spool.forward(this.#forward.address);
			const furthest = known?.after ?? 0;
			this.#forward =
				known === undefined || known.writer === this.#forward.writer
					? { ...this.#forward, after: Math.max(this.#forward.after, furthest) }
					: { ...this.#forward, had_to: Math.max(this.#forward.had_to, furthest) };
			await this.#save();
		}
		await this.#run();
	}

	async #run(): Promise<void> {
		const { signal } = this.#stop;
		while (!signal.aborted) {
			const goal = this.#goal();
			if (goal > this.#forward.after) {
				await pause(PAUSE_MS, signal);
				await this.#sendUpTo(goal);
			} else {
				await Promise.race([this.#change.promise, pause(LOOK_MS, signal)]);
				this.#change = Promise.withResolvers();
			}
		}
	}

	/** Up to which `seq` entries can be handed on: nothing will ever come before it. */
	#goal(): number {
		return Math.min(this.#options.local.stats().watermark, this.readBefore - 1);
	}

	async #sendUpTo(goal: number): Promise<void> {
		const { local, handedOn } = this.#options;
		const { signal } = this.#stop;
		// A number that is not saved could be given to another entry after a crash.
		if (!(await local.flush())) {
			return; // the disk refuses, and whoever reads says so
		}
		if (handedOn !== undefined && !(await handedOn.recognise())) {
			return; // a log is still being read, and may be one of which the storage has entries
		}
		await this.#takeName();
		while (!signal.aborted && this.#forward.after < goal) {
			this.#isUnderWay = true;
			const failure = await this.#sendBatch(goal)
				.catch(messageOf)
				.finally(() => this.#settle());
			await (failure === undefined ? this.#save() : this.#failed(failure));
		}
	}

	/** Hands on the next entries up to a `seq`. Rejects if they were not taken. */
	async #sendBatch(goal: number): Promise<undefined> {
		const { local, handedOn, append } = this.#options;
		const { after, had_after, before, before_to } = this.#forward;
		const end = Math.min(goal, ...[had_after, before_to].filter((cut) => cut > after));
		const writer = after < before_to ? before : this.#forward.writer;
		const had = handedOn?.had ?? [];
		const { entries, upTo, gone, ends } = await local.readBatch({ after, upTo: end, had });
		if (this.#stop.signal.aborted) {
			return;
		}
		if (entries.length > 0) {
			await append(
				entries.map(({ seq, ...entry }) => ({ ...entry, origin: { writer, number: seq } })),
			);
			this.#hasTaken = true;
		}
		handedOn?.note(ends);
		this.#taken(upTo, gone);
	}

	/** Remembered before anything is known by it. */
	async #takeName(): Promise<void> {
		if (!this.#isNamed) {
			this.#isNamed = true;
			this.#forward = inThisRun(this.#forward, this.#last, randomUUID());
			await this.#save();
		}
	}

	#taken(upTo: number, gone: number): void {
		const { missed, had_after, had_to } = this.#forward;
		const after = upTo >= had_after ? Math.max(upTo, had_to) : upTo;
		if (this.#forward.after < had_after && after >= had_after) {
			this.#options.handedOn?.end();
		}
		this.#forward = { ...this.#forward, after, missed: missed + gone };
		this.#attempt = 0;
		this.#message = undefined;
		this.#options.onChange();
	}

	/** Counts what is missed: at once, or when it is known whether the batch under way was taken. */
	#count(missed: () => number): void {
		this.#counts.push(missed);
		if (!this.#isUnderWay) {
			this.#settle();
		}
	}

	#settle(): void {
		this.#isUnderWay = false;
		const entries = this.#counts.reduce((sum, missed) => sum + missed(), 0);
		this.#counts = [];
		if (entries > 0) {
			this.#forward = { ...this.#forward, missed: this.#forward.missed + entries };
			void this.#save();
			this.#options.onChange();
		}
	}

	async #failed(message: string): Promise<void> {
		if (this.#stop.signal.aborted) {
			return;
		}
		this.#message = message;
		this.#options.onChange();
		const { retryMs = RETRY_MS } = this.#options;
		const wait = retryMs[Math.min(this.#attempt, retryMs.length - 1)] ?? 0;
		this.#attempt++;
		this.#retry = Promise.withResolvers();
		await Promise.race([this.#retry.promise, pause(wait, this.#stop.signal)]);
	}

	/** A disk that is full keeps it from being remembered: after a crash more is offered twice then. */
	async #save(): Promise<void> {
		await this.#options.local.spool.save(this.#forward).catch(() => {});
	}
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
	await delay(ms, undefined, { signal }).catch(() => {}); // aborted: it is over as well
}

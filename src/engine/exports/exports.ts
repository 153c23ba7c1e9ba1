import { setTimeout as delay } from 'node:timers/promises';
import type { ExportPiece } from '#shared/api/control.ts';
import { AppError } from '#shared/errors.ts';
import type { ExportRequest, ExportStatus } from '#shared/model/export.ts';
import type { ExportingStorage } from '../exporting-storage.ts';
import { Throttle } from '../throttle.ts';
import { ExportJob } from './export-job.ts';
import { PartFile } from './part-file.ts';

const EVENT_MS = 100;

/** Exports that have ended are told for a while. */
const KEPT_ENDED = 10;

const LOOK_EVERY_MS = 10;

/** What exports need to know of what is being read. */
export interface ReadingState {
	/** Whether there is history still to be read, of all sources or of one. */
	isReading(source: number | undefined): boolean;
	/** Entries after this `seq` are all read; `undefined`: that can't be said, or not yet. */
	readAfter(): number | undefined;
	/** Resolves when what is read by now can be asked of the storage that is shown. */
	untilShown(signal: AbortSignal): Promise<void>;
	/** Bytes of all logs that are stored. */
	readBytes(): number;
}

/** Writes entries of the storage that is shown out: into files, or to whoever fetches them. */
export class Exports {
	readonly #storage: () => ExportingStorage;
	readonly #reading: ReadingState;
	readonly #jobs = new Map<number, ExportJob>();
	readonly #news: Throttle;
	readonly #running = new Set<Promise<void>>();
	#nextId = 1;

	constructor(
		storage: () => ExportingStorage,
		reading: ReadingState,
		onChange: (exports: readonly ExportStatus[]) => void,
	) {
		this.#storage = storage;
		this.#reading = reading;
		this.#news = new Throttle(EVENT_MS, () => onChange(this.list));
	}

	/** The newest first. */
	get list(): readonly ExportStatus[] {
		return [...this.#jobs.values()].map(({ status }) => status).toReversed();
	}

	/** Begins to write a file, see `EngineControl.saveExport`. */
	async save(request: ExportRequest, path: string, overwrite: boolean): Promise<ExportStatus> {
		const file = await PartFile.create(path, { overwrite, bytes: this.#sizeOf(request) });
		const job = this.#add(request, path);
		const run = this.#write(job, file).finally(() => this.#running.delete(run));
		this.#running.add(run);
		return job.status;
	}

	/** Begins one that is fetched. */
	open(request: ExportRequest): ExportStatus {
		return this.#add(request, undefined).status;
	}

	/** The next bytes of one that is fetched. */
	async read(id: number): Promise<ExportPiece> {
		const job = this.#jobs.get(id);
		if (job === undefined || job.status.path !== undefined) {
			throw new AppError('export-failed', 'There is no such export.');
		}
		const bytes = await job.next();
		if (bytes === undefined) {
			job.finish();
			return job.upTo === undefined ? {} : { up_to: job.upTo };
		}
		return { bytes };
	}

	cancel(id: number): void {
		this.#jobs.get(id)?.cancel();
	}

	/** Cancels what is at work. Resolves when nothing of it is left. */
	async close(): Promise<void> {
		for (const job of this.#jobs.values()) {
			job.cancel();
		}
		await Promise.all(this.#running);
		this.#news.stop();
	}

	#add(request: ExportRequest, path: string | undefined): ExportJob {
		const job = new ExportJob({
			id: this.#nextId++,
			request,
			path,
			storage: this.#storage(),
			whenRead: (wanted, signal) => this.#whenRead(wanted, signal),
			onChange: () => this.#news.call(),
		});
		this.#jobs.set(job.id, job);
		const ended = [...this.#jobs.values()].filter(({ hasEnded }) => hasEnded);
		for (const { id } of ended.slice(0, -KEPT_ENDED)) {
			this.#jobs.delete(id);
		}
		this.#news.call();
		return job;
	}

	async #write(job: ExportJob, file: PartFile): Promise<void> {
		try {
			let bytes = await job.next();
			while (bytes !== undefined) {
				await file.write(bytes);
				bytes = await job.next();
			}
			await file.finish();
			job.finish();
		} catch (error) {
			await file.discard();
			job.fail(error);
		}
	}

	/** How much it will be, where that is known: the bytes of the logs as they are. */
	#sizeOf({ filter, format, gzip, limit, rows }: ExportRequest): number {
		const isAll = Object.values(filter).every((value) => value === undefined || value === '');
		return isAll && format === 'original' && !gzip && limit === 0 && rows === undefined
			? this.#reading.readBytes()
			: 0;
	}

	async #whenRead(request: ExportRequest, signal: AbortSignal): Promise<void> {
		while (this.#reading.isReading(request.filter.source) && !(await this.#isEnough(request))) {
			await delay(LOOK_EVERY_MS, undefined, { signal });
		}
		await this.#reading.untilShown(signal);
	}

	/** Whether the newest entries that are asked for are there, whatever is still to come before them. */
	async #isEnough({ filter, limit, order, rows }: ExportRequest): Promise<boolean> {
		const after = this.#reading.readAfter();
		if (
			after !== undefined &&
			filter.arrived_after !== undefined &&
			filter.arrived_after >= after
		) {
			return true;
		}
		if (limit === 0 || order !== 'arrival' || rows !== undefined || after === undefined) {
			return rows !== undefined;
		}
		return (await this.#storage().count({ ...filter, after })).matched >= limit;
	}
}

import type { StorageStatus } from '#shared/api/engine.ts';
import { AppError } from '#shared/errors.ts';
import type { ExportRequest } from '#shared/model/export.ts';
import type { StorageNumbers } from '#shared/model/storage.ts';
import { storageName } from '#shared/model/storage-address.ts';
import type { StorageAddress } from '#shared/model/storage-address.ts';
import type { ExportChunk } from '../export-formats/export-chunk.ts';
import { Throttle } from '../throttle.ts';
import { FollowedWindow } from './answers/followed-window.ts';
import { StorageAnswers } from './answers/storage-answers.ts';
import { StorageExport } from './export/storage-export.ts';
import type { LogStorage, NewEntry } from './log-storage.ts';
import { windowOf } from './open-storage.ts';
import { STORAGE_SOURCE } from './queryable-entry.ts';
import { storageError } from './storage-error.ts';
import type { StorageFound, StorageNews } from './storage-thread-api.ts';

/** Quick enough to look immediate, slow enough for one answer to come before the next question. */
const NEWS_MS = 20;

/** To count may cost a server something. */
const NUMBERS_MS = 250;
const NUMBERS_EVERY_MS = 5_000;

/** An open storage with all that is known of it: what its thread serves. */
export class ServedStorage {
	readonly answers: StorageAnswers;
	readonly #storage: LogStorage;
	readonly #address: StorageAddress;
	readonly #followed: FollowedWindow;
	readonly #follows: boolean;
	readonly #exports = new Map<number, StorageExport>();
	readonly #onChange: Throttle;
	readonly #onNumbers: Throttle;
	readonly #timer: NodeJS.Timeout;
	#appending: Promise<void> = Promise.resolve();
	#numbers: StorageNumbers;
	#isCounting = false;
	#revision = 0;
	/** Why it can't be followed. */
	#problem: string | undefined;
	/** Why it can't be counted. */
	#uncountable: string | undefined;
	#newsNumber = 1;
	#waiting: (() => void)[] = [];

	/** `numbers`: what `stats` has told. With `follows` its newest entries are read at once. */
	constructor(
		storage: LogStorage,
		address: StorageAddress,
		{ numbers, follows }: { readonly numbers: StorageNumbers; readonly follows: boolean },
	) {
		this.#storage = storage;
		this.#address = address;
		this.#numbers = numbers;
		this.#follows = follows;
		this.#onChange = new Throttle(NEWS_MS, () => this.#tell());
		this.#onNumbers = new Throttle(NUMBERS_MS, () => void this.#count());
		this.#followed = new FollowedWindow(storage, windowOf(address), address.kind === 'memory', {
			onChange: () => {
				this.#onChange.call();
				this.#onNumbers.call();
			},
			onRevision: () => {
				this.#revision++;
			},
			onProblem: (message) => {
				this.#problem = message;
				this.#onChange.call();
			},
		});
		this.answers = new StorageAnswers(
			storage,
			this.#followed,
			storageName(address),
			() => this.#size,
		);
		this.#timer = setInterval(() => this.#onNumbers.call(), NUMBERS_EVERY_MS);
		if (follows) {
			// A question that comes before it was read waits for it, and is told if it can't be.
			this.#followed.entries().catch(() => {});
		}
	}

	get found(): StorageFound {
		return { abilities: this.#storage.abilities, numbers: this.#numbers };
	}

	/** Appends one batch after the other. */
	append(entries: readonly NewEntry[]): Promise<void> {
		const next = this.#appending.then(() => this.#storage.append(entries));
		this.#appending = next.catch(() => {});
		this.#appending.then(() => this.#onNumbers.call()).catch(() => {});
		return next;
	}

	async openExport(id: number, request: ExportRequest): Promise<number> {
		const window = await this.#followed.current();
		const context = {
			storage: this.#storage,
			answers: this.answers,
			window,
			hasMore: this.#followed.hasMore,
			size: this.#size,
			sources: new Map([[STORAGE_SOURCE, storageName(this.#address)]]),
		};
		this.#exports.set(id, new StorageExport(context, request));
		return window.newestSeq;
	}

	async readExport(id: number): Promise<ExportChunk | undefined> {
		return this.#exports.get(id)?.read();
	}

	closeExport(id: number): void {
		this.#exports.delete(id);
	}

	/** Resolves once there are others than those numbered `known`. */
	async news(known: number): Promise<StorageNews> {
		if (known === this.#newsNumber) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
		const problem = this.#problem ?? this.#uncountable;
		return {
			number: this.#newsNumber,
			status: this.#status(),
			found: this.found,
			...(problem === undefined ? {} : { problem }),
		};
	}

	async close(): Promise<void> {
		this.#tell();
		clearInterval(this.#timer);
		this.#onChange.stop();
		this.#onNumbers.stop();
		this.answers.close();
		await this.#followed.close();
		await this.#appending;
		await this.#storage.close();
	}

	get #size(): number {
		const { known, hasMore } = this.#followed;
		return this.#follows && !hasMore && known.size > 0 ? known.size : this.#numbers.size;
	}

	#status(): StorageStatus {
		const { appended, dropped = 0, bytes = 0 } = this.#numbers;
		const size = this.#size;
		return {
			kind: this.#address.kind,
			size,
			appended: appended ?? size + dropped,
			dropped,
			bytes,
			unsaved: 0,
			watermark: this.#followed.known.newestSeq,
			revision: this.#revision,
		};
	}

	#tell(): void {
		this.#newsNumber++;
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const resolve of waiting) {
			resolve();
		}
	}

	/** Counts again, once at a time: that tells how it is doing, too. */
	async #count(): Promise<void> {
		if (this.#isCounting) {
			return;
		}
		this.#isCounting = true;
		const before = JSON.stringify([this.found, this.#uncountable]);
		try {
			this.#numbers = await this.#storage.stats();
			this.#uncountable = undefined;
		} catch (error) {
			this.#uncountable = storageError(error).message;
		} finally {
			this.#isCounting = false;
		}
		if (JSON.stringify([this.found, this.#uncountable]) !== before) {
			this.#onChange.call();
		}
	}
}

/** What is said where a storage is asked that is not open. */
export function notOpen(): AppError {
	return new AppError('storage-failed', 'The storage is not open yet: try again.');
}

import { setTimeout as delay } from 'node:timers/promises';
import type { StorageTest } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import type { StorageSettings } from '#shared/model/settings.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';
import type { StorageInfo } from '#shared/model/storage.ts';
import { beginning, newForward } from './begin-forward.ts';
import { HandedOnFile } from './forward/handed-on-file.ts';
import type { LogsThatAre } from './forward/handed-on.ts';
import type { BeginWith } from './begin-forward.ts';
import type { ExportingStorage } from './exporting-storage.ts';
import type { SegmentStorage } from './segments/segment-storage.ts';
import { localInfo } from './local-info.ts';
import { testStorage } from './test-storage.ts';
import { Throttle } from './throttle.ts';
import { UsedStorage } from './used-storage.ts';
import type { UsedStorageOptions } from './used-storage.ts';

const EVENT_MS = 250;
const LOOK_EVERY_MS = 10;

/** What the storages in use need of the engine. */
export interface StoragesInUseOptions {
	readonly local: SegmentStorage;
	/** The entry file of the threads that storages run in. */
	readonly thread: URL;
	/** Where it is remembered how far each log was handed on. */
	readonly handedOnPath: string;
	readonly source: LogsThatAre['source'];
	/** The `seq` before which all is read. */
	readonly readBefore: () => number;
	/** Nothing is handed on: what is stored is looked at. */
	readonly onlyReads: boolean;
	/** How all of them are doing; at most four times a second, and only news. */
	readonly onChange: (storages: readonly StorageInfo[]) => void;
	/** The one that is shown has others or more entries. */
	readonly onActive: () => void;
	/** Logs wait for a storage: a sentence. `undefined`: they go on. */
	readonly onBlocked: (message: string | undefined) => void;
}

/**
 * The storages that are in use: the one that is asked, and those that receive everything as well. All
 * but the local database are fed from it.
 */
export class StoragesInUse {
	readonly #options: StoragesInUseOptions;
	readonly #news: Throttle;
	readonly #handedOn: HandedOnFile;
	#choice: StorageSettings = { active: 'sqlite', mirrors: [], spool_bytes: 0 };
	readonly #used = new Map<string, UsedStorage>();
	/** Those whose address can't be read, and why. */
	readonly #unreadable = new Map<string, string>();
	/** Those that are being closed. */
	readonly #closing = new Map<string, Promise<void>>();
	#passwords: Readonly<Record<string, string>> = {};
	/** Rises when another storage is shown. */
	#epoch = 0;
	#told = '';

	constructor(options: StoragesInUseOptions) {
		this.#options = options;
		this.#handedOn = new HandedOnFile(options.handedOnPath, options);
		this.#news = new Throttle(EVENT_MS, () => {
			const { infos } = this;
			const text = JSON.stringify(infos);
			if (text !== this.#told) {
				this.#told = text;
				options.onChange(infos);
			}
		});
		options.local.spool.listen((address) =>
			options.onBlocked(this.#used.get(address ?? '')?.fullText(this.#choice.spool_bytes)),
		);
	}

	/** The one that is asked. */
	get active(): ExportingStorage {
		return this.#activeUsed?.client ?? this.#options.local;
	}

	get status(): ReturnType<ExportingStorage['stats']> {
		const status = this.active.stats();
		// What was counted in another storage has to be counted again.
		return { ...status, revision: status.revision + this.#epoch * 2 ** 32 };
	}

	/** The address of the one that is asked. */
	get activeAddress(): string {
		return this.#choice.active;
	}

	/** The active one first, then the mirrors. */
	get infos(): readonly StorageInfo[] {
		const { active, mirrors } = this.#choice;
		return [
			this.#info(active, 'active'),
			...mirrors.map((address) => this.#info(address, 'mirror')),
		];
	}

	/** Uses these from now on. */
	use(choice: StorageSettings, beginWith: BeginWith): void {
		this.#epoch += choice.active === this.#choice.active ? 0 : 1;
		this.#choice = choice;
		const wanted = [choice.active, ...choice.mirrors].filter((address) => address !== 'sqlite');
		for (const used of this.#used.values()) {
			const { address } = used;
			const isActive = address === choice.active;
			if (!wanted.includes(address)) {
				this.#drop(address);
			} else if (used.hasOtherRole(isActive)) {
				this.#drop(address);
				this.#add(address, 'before');
			} else {
				used.isActive = isActive;
			}
		}
		this.#unreadable.clear();
		for (const address of wanted) {
			if (!this.#used.has(address)) {
				this.#add(address, beginWith);
			}
		}
		this.#feed();
		this.#news.call();
		this.#options.onActive();
	}

	/** So many bytes of the local database are kept for each of them from now on; 0: no bound. */
	setSpoolBytes(bytes: number): void {
		this.#choice = { ...this.#choice, spool_bytes: bytes };
		this.#feed();
	}

	/** All passwords that are known, by the addresses of storages. */
	setPasswords(passwords: Readonly<Record<string, string>>): void {
		const before = this.#passwords;
		this.#passwords = passwords;
		for (const used of this.#used.values()) {
			if (before[used.address] !== passwords[used.address]) {
				used.setPassword(passwords[used.address]);
			}
		}
	}

	/** See `EngineApi.testStorage`. */
	test(address: string, password?: string): Promise<StorageTest> {
		return testStorage(address, {
			thread: this.#options.thread,
			passwordOf: (known) => password ?? this.#passwords[known],
			local: () => localInfo(this.#options.local),
		});
	}

	/** Entries may have come to the local database, or its logs are read further. */
	look(): void {
		for (const { forwarder } of this.#used.values()) {
			forwarder.look();
		}
		this.#news.call();
	}

	/**
	 * Resolves when what the local database has by now can be asked of the storage that is shown, or
	 * when that takes nothing at the moment.
	 */
	async untilShown(signal: AbortSignal): Promise<void> {
		const { watermark } = this.#options.local.stats();
		for (;;) {
			const used = this.#activeUsed;
			const isThere = used === undefined || used.forwarder.forward.after >= watermark;
			if (isThere || used.forwarder.isStuck || used.client.condition === 'failed') {
				return;
			}
			await delay(LOOK_EVERY_MS, undefined, { signal });
		}
	}

	/** Hands nothing more on. Before the local database is closed. */
	async stop(): Promise<void> {
		this.#news.stop();
		await Promise.all([...this.#used.values()].map((used) => used.stop()));
		this.#handedOn.close();
	}

	/** Ends what they run in. */
	async close(): Promise<void> {
		await Promise.all([...this.#used.values()].map((used) => used.close()));
		await Promise.all(this.#closing.values());
	}

	get #activeUsed(): UsedStorage | undefined {
		return this.#used.get(this.#choice.active);
	}

	#add(address: string, beginWith: BeginWith): void {
		const { local, thread, readBefore, onlyReads, onActive } = this.#options;
		try {
			const used: UsedStorage = new UsedStorage({
				address,
				password: this.#passwords[address],
				after: this.#closing.get(address),
				isActive: address === this.#choice.active,
				thread,
				use: onlyReads ? 'read' : 'keep',
				local,
				...this.#begin(address, beginWith),
				readBefore,
				onChange: () => {
					this.#news.call();
					if (this.#activeUsed === used) {
						onActive();
					}
				},
			});
			this.#used.set(address, used);
		} catch (error) {
			this.#unreadable.set(address, messageOf(error));
		}
	}

	/** How far a storage has come that is used from now on. */
	#begin(address: string, beginWith: BeginWith): Pick<UsedStorageOptions, 'forward' | 'handedOn'> {
		const { local } = this.#options;
		const { spool } = local;
		if (this.#options.onlyReads) {
			// There is nothing that it would still be given.
			const after = Number.MAX_SAFE_INTEGER;
			return { forward: { ...newForward(address), after }, handedOn: undefined };
		}
		const { watermark } = local.stats();
		const known = spool.forward(address);
		const { address: parsed } = parseStorageAddress(address);
		if (parsed.kind === 'memory') {
			// It has forgotten what it was given: what it would still have.
			const after = beginWith === 'new' ? watermark : spool.before(parsed.maxlen);
			const forward = { ...newForward(address), after, since: watermark };
			return { forward, handedOn: undefined };
		}
		const handedOn = this.#handedOn.of(address, known !== undefined);
		if (known !== undefined && beginWith === 'before') {
			return { forward: known, handedOn };
		}
		const forward = { ...beginning(address, known, { beginWith, watermark }), since: watermark };
		if (known !== undefined && known.writer !== forward.writer) {
			handedOn.begin();
		} else if (known === undefined && forward.after > 0) {
			handedOn.noteAll();
		}
		// A disk that is full: with the next entries that are taken.
		spool.save(forward).catch(() => {});
		return { forward, handedOn };
	}

	#feed(): void {
		const fed = this.#options.onlyReads ? [] : [...this.#used.values()];
		const forwarders = fed.map(({ forwarder }) => forwarder);
		this.#options.local.spool.feed(forwarders, this.#choice.spool_bytes);
	}

	#drop(address: string): void {
		const used = this.#used.get(address);
		this.#used.delete(address);
		if (used !== undefined) {
			const closing: Promise<void> = used
				.stop()
				.then(() => used.close())
				.catch(() => {}) // it is of no interest any more
				.finally(() => {
					if (this.#closing.get(address) === closing) {
						this.#closing.delete(address);
					}
				});
			this.#closing.set(address, closing);
		}
	}

	#info(address: string, role: StorageInfo['role']): StorageInfo {
		const used = this.#used.get(address);
		if (used !== undefined) {
			return used.info;
		}
		const shared = { address: withoutPassword(address), role, waiting: 0, missed: 0 };
		const message = this.#unreadable.get(address);
		if (message !== undefined) {
			// Only a settings file that was edited by hand has such.
			return { ...shared, kind: 'custom', name: shared.address, condition: 'failed', message };
		}
		return {
			...shared,
			kind: 'sqlite',
			name: 'SQLite',
			condition: 'ready',
			...localInfo(this.#options.local),
		};
	}
}

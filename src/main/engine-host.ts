import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlSchemas, SERVICE } from '#shared/api/control.ts';
import type { EngineControl, ExportControl } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents } from '#shared/api/engine.ts';
import type { HostEvents } from '#shared/api/host.ts';
import { AppError, fromErrorData, toErrorData } from '#shared/errors.ts';
import type { FeedsStatus } from '#shared/model/feed.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import type { Channel, Unsubscribe } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import type { Client } from '#shared/rpc/rpc.ts';

/** A running engine process, however it was started. */
export interface EngineProcess {
	/** Closes when the process has ended, for whatever reason. */
	readonly channel: Channel;
	/** Ends it at once, without asking. */
	kill(): void;
	/** The end of what it wrote to stderr. */
	lastWords(): string;
}

/** What an engine host tells: the engine's own events, and that it went away or is back. */
export type EngineListener = EngineEvents & Pick<HostEvents, 'engineChanged'>;

/** What an engine host has to be given. */
export interface EngineHostOptions {
	/** Starts an engine process; called again for each restart. */
	readonly startProcess: () => EngineProcess;
	readonly dataFolder: string;
	/** Nothing more will come of logs: a last line without its end is one. */
	readonly endsLines?: boolean;
	/** The active storage of this run, instead of the one that the settings name. */
	readonly storage?: string | undefined;
	/** That one is only looked at: no storage is given anything, or made. */
	readonly onlyReads?: boolean;
	/** Nothing is to be kept of this run's entries. */
	readonly keepsNothing?: boolean;
	/** What is known of passwords by now, see `setPasswords`. */
	readonly passwords?: Readonly<Record<string, string>>;
	/** How long to wait before each restart in a row; after the last one it gives up. */
	readonly restartDelaysMs?: readonly number[];
	/** An engine that was up this long before it died is restarted as if for the first time. */
	readonly steadyAfterMs?: number;
	/** How long an engine may take to close in order. */
	readonly closeDeadlineMs?: number;
}

interface Connection {
	readonly process: EngineProcess;
	readonly control: Client<EngineControl>;
	readonly api: Client<EngineApi>;
	openedAt: number | undefined;
}

/**
 * Runs the engine in its process: starts it, restarts it when it dies, and offers one `EngineApi`
 * that stays valid meanwhile. Calls made while it opens wait; calls made while it is away are
 * rejected with `closed`, or with the reason why it could not open.
 */
export class EngineHost {
	readonly #options: Required<EngineHostOptions>;
	readonly #listeners = new Set<Partial<EngineListener>>();
	readonly #opened = Promise.withResolvers<void>();
	#connection: Connection | undefined;
	#api: Promise<Client<EngineApi>> = Promise.reject(new AppError('closed', 'Not started yet'));
	#restarts = 0;
	#restartTimer: NodeJS.Timeout | undefined;
	#closing = false;
	/** Of storages, by their addresses: each engine that is started is told all of them. */
	#passwords: Readonly<Record<string, string>>;

	/** The engine, whichever process it runs in at the moment. */
	readonly api: EngineApi;
	/** What only a host may ask of it: to write where it says. */
	readonly exports: ExportControl = {
		saveExport: async (params) => (await this.#control()).saveExport(params),
		openExport: async (params) => (await this.#control()).openExport(params),
		readExport: async (params) => (await this.#control()).readExport(params),
	};

	constructor(options: EngineHostOptions) {
		this.#options = {
			restartDelaysMs: [100, 500, 2_000, 5_000],
			steadyAfterMs: 60_000,
			closeDeadlineMs: 5_000,
			endsLines: false,
			storage: undefined,
			keepsNothing: false,
			onlyReads: false,
			passwords: {},
			...options,
		};
		this.#passwords = this.#options.passwords;
		this.#api.catch(ignore);
		this.#opened.promise.catch(ignore);
		const api: Record<string, (params: never) => Promise<unknown>> = {};
		for (const method of Object.keys(engineSchemas) as (keyof EngineApi)[]) {
			api[method] = async (params) => (await this.#api)[method](params);
		}
		this.api = api as unknown as EngineApi; // built from the table of its methods
	}

	/**
	 * Starts the engine and lets it take the data folder. Rejects with a sentence when it cannot:
	 * `data-folder-in-use` when another engine holds the folder.
	 */
	open(): Promise<void> {
		this.#start();
		return this.#opened.promise;
	}

	/** Tells `listener` what it has a method for, from now on. */
	subscribe(listener: Partial<EngineListener>): Unsubscribe {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Tells the engine how feeds are doing; one that is away is to be told when it is back. */
	setFeeds(status: FeedsStatus): void {
		if (this.#connection?.openedAt !== undefined) {
			this.#connection.control.setFeeds(status).catch(ignore);
		}
	}

	/** Tells the passwords of storages by their addresses, all that are known. */
	setPasswords(passwords: Readonly<Record<string, string>>): void {
		this.#passwords = passwords;
		if (this.#connection?.openedAt !== undefined) {
			this.#connection.control.setPasswords({ passwords }).catch(ignore);
		}
	}

	/** Closes the engine in order; one that takes too long is killed, with 0 at once. */
	async close(deadlineMs = this.#options.closeDeadlineMs): Promise<void> {
		this.#closing = true;
		clearTimeout(this.#restartTimer);
		const connection = this.#connection;
		this.#unavailable(new AppError('closed', 'The app is closing'));
		if (connection === undefined) {
			return;
		}
		const ended = new Promise<void>((resolve) => connection.process.channel.onClose(resolve));
		if (deadlineMs === 0) {
			connection.process.kill();
		}
		const deadline = setTimeout(() => connection.process.kill(), deadlineMs);
		// Closed in order or not at all: the process has to end either way.
		await connection.control.close({}).catch(ignore);
		connection.process.kill();
		await ended;
		clearTimeout(deadline);
	}

	#start(): void {
		const process = this.#options.startProcess();
		const { channel } = process;
		const connection: Connection = {
			process,
			control: openRpc<EngineControl, object>(subChannel(channel, SERVICE.control), {
				serve: {},
				local: {},
				call: controlSchemas,
			}),
			api: openRpc<EngineApi, EngineEvents>(subChannel(channel, SERVICE.engine), {
				serve: engineEventSchemas,
				local: this.#broadcaster(),
				call: engineSchemas,
			}),
			openedAt: undefined,
		};
		this.#connection = connection;
		const { dataFolder, endsLines, storage, keepsNothing, onlyReads } = this.#options;
		const passwords = this.#passwords;
		const api = connection.control
			.open({
				data_folder: dataFolder,
				ends_lines: endsLines,
				passwords,
				keeps_nothing: keepsNothing,
				only_reads: onlyReads,
				...(storage === undefined ? {} : { storage }),
			})
			.then(() => connection.api);
		this.#api = api;
		api.then(
			() => this.#isUp(connection, passwords),
			(error: unknown) => this.#couldNotOpen(connection, error),
		);
		channel.onClose(() => this.#died(connection));
	}

	/** Of the engine that is open, once it is. */
	async #control(): Promise<Client<EngineControl>> {
		await this.#api;
		if (this.#connection === undefined) {
			throw new AppError('closed', 'The log engine is not there');
		}
		return this.#connection.control;
	}

	#isUp(connection: Connection, passwords: Readonly<Record<string, string>>): void {
		connection.openedAt = performance.now();
		if (passwords !== this.#passwords) {
			this.setPasswords(this.#passwords); // others were told while it was opening
		}
		this.#opened.resolve();
		this.#tell('engineChanged', { up: true });
	}

	#couldNotOpen(connection: Connection, error: unknown): void {
		const data = toErrorData(error);
		// `closed` means that the process ended while opening: `#died` deals with that.
		if (data.code !== 'closed' && this.#connection === connection && !this.#closing) {
			this.#connection = undefined;
			connection.process.kill();
			this.#giveUp(fromErrorData(data));
		}
	}

	#died(connection: Connection): void {
		if (this.#connection !== connection) {
			return;
		}
		this.#connection = undefined;
		if (this.#closing) {
			return;
		}
		const upForMs = performance.now() - (connection.openedAt ?? Number.POSITIVE_INFINITY);
		this.#restarts = upForMs >= this.#options.steadyAfterMs ? 1 : this.#restarts + 1;
		const report = this.#saveLastWords(connection.process.lastWords());
		const delayMs = this.#options.restartDelaysMs[this.#restarts - 1];
		if (delayMs === undefined) {
			const count = `${this.#restarts} times in a row`;
			// Not `closed`, which would say that it may come back.
			this.#giveUp(
				new AppError('internal', `The log engine stopped ${count}. Start the app again.${report}`),
			);
			return;
		}
		this.#unavailable(new AppError('closed', 'The log engine stopped and is being started again'));
		this.#restartTimer = setTimeout(() => this.#start(), delayMs);
	}

	#giveUp(reason: AppError): void {
		this.#opened.reject(reason);
		this.#unavailable(reason);
	}

	#unavailable(reason: AppError): void {
		this.#api = Promise.reject(reason);
		this.#api.catch(ignore);
		this.#tell('engineChanged', { up: false, message: reason.message });
	}

	/** Keeps what a dead engine left, for a bug report; answers where, as a sentence. */
	#saveLastWords(text: string): string {
		if (text === '') {
			return '';
		}
		const path = join(this.#options.dataFolder, 'engine-crash.log');
		try {
			mkdirSync(this.#options.dataFolder, { recursive: true, mode: 0o700 });
			writeFileSync(path, text);
			return ` What it said last is in ${path}.`;
		} catch {
			return ''; // no disk to write to is one more reason to stop, not one to fail on
		}
	}

	#broadcaster(): EngineEvents {
		return {
			storageChanged: (status) => this.#tell('storageChanged', status),
			sourcesChanged: (sources) => this.#tell('sourcesChanged', sources),
			settingsChanged: (settings) => this.#tell('settingsChanged', settings),
			problemsChanged: (problems) => this.#tell('problemsChanged', problems),
			endpointsChanged: (endpoints) => this.#tell('endpointsChanged', endpoints),
			storagesChanged: (storages) => this.#tell('storagesChanged', storages),
			exportsChanged: (exports) => this.#tell('exportsChanged', exports),
		};
	}

	#tell<E extends keyof EngineListener>(event: E, params: Parameters<EngineListener[E]>[0]): void {
		for (const listener of this.#listeners) {
			(listener[event] as ((params: unknown) => void) | undefined)?.(params);
		}
	}
}

// A rejection that is told elsewhere, or kept for whoever asks later.
function ignore(): void {}

import { messageOf } from '#shared/errors.ts';
import type { StorageFollower, StoredEntry } from '../log-storage.ts';
import { channelOf } from './append.ts';
import type { PostgresConnection } from './connection.ts';
import { quoted } from './table-name.ts';
import type { LogTable } from './sql/log-table.ts';
import { RowsById } from './rows-by-id.ts';
import { RowsByTime } from './rows-by-time.ts';

/** Others notify nobody: their rows are looked for this often, and less often where none came. */
const POLL_MS = 80;
const IDLE_MS = 400;
/** Where rows come, there are more. */
const BUSY_MS = 20;
/** So many polls without a row make it idle. */
const IDLE_AFTER = 50;

/** Away or refusing: tried again so often. */
const RETRY_MS = 1_000;

/** Whether rows left is looked for so often. */
const LOSS_MS = 5_000;

/** How new rows are found. */
export interface NewRows {
	/** Begins with what is there now. */
	begin(): Promise<void>;
	/** Some came and wait for others: soon to be asked again. */
	readonly isWaiting: boolean;
	/** What came since; empty if nothing did. May have more. */
	next(): Promise<readonly StoredEntry[]>;
	/** Whether rows left since this was asked. */
	hasLost(): Promise<boolean>;
}

/**
 * Tells a follower what comes to a table: at once where one of us has written it (NOTIFY), otherwise
 * within a tenth of a second, or half a second after a pause. No trigger is added for that: each NOTIFY makes the commits of all
 * writers wait for each other.
 */
export class PostgresFollower {
	readonly #connection: PostgresConnection;
	readonly #table: LogTable;
	readonly #follower: StorageFollower;
	readonly #rows: NewRows;
	#isListening = false;
	readonly #mayListen: boolean;
	#problem: string | undefined;
	#isClosed = false;
	#wake: (() => void) | undefined;
	#isWoken = false;
	#running: Promise<void> = Promise.resolve();
	#lookedForLoss = performance.now();

	constructor(
		connection: PostgresConnection,
		table: LogTable,
		follower: StorageFollower,
		mayListen: boolean,
	) {
		this.#connection = connection;
		this.#table = table;
		this.#follower = follower;
		this.#mayListen = mayListen;
		this.#rows = table.hasId ? new RowsById(connection, table) : new RowsByTime(connection, table);
	}

	/** Resolves once what comes is told. */
	async start(): Promise<void> {
		this.#connection.listen(
			() => this.#wakeUp(),
			() => {
				this.#isListening = false;
				this.#wakeUp();
			},
		);
		await this.#listen();
		await this.#rows.begin();
		this.#running = this.#run();
	}

	async stop(): Promise<void> {
		this.#isClosed = true;
		this.#wakeUp();
		await this.#connection.close();
		await this.#running;
	}

	async #listen(): Promise<void> {
		if (this.#mayListen && !this.#isListening) {
			await this.#connection.query(`LISTEN ${quoted(channelOf(this.#table))}`);
			this.#isListening = true;
		}
	}

	async #run(): Promise<void> {
		let quiet = 0;
		while (!this.#isClosed) {
			let pause: number;
			try {
				await this.#listen();
				const entries = await this.#rows.next();
				const isBusy = entries.length > 0 || this.#rows.isWaiting;
				quiet = isBusy ? 0 : quiet + 1;
				pause = isBusy ? BUSY_MS : quiet > IDLE_AFTER ? IDLE_MS : POLL_MS;
				await this.#lookForLoss();
				this.#tell(undefined);
				if (entries.length > 0 && !this.#isClosed) {
					this.#follower.onEntries(entries);
				}
			} catch (error) {
				pause = RETRY_MS;
				this.#tell(messageOf(error));
			}
			await this.#pause(pause);
		}
	}

	async #lookForLoss(): Promise<void> {
		if (performance.now() - this.#lookedForLoss < LOSS_MS) {
			return;
		}
		this.#lookedForLoss = performance.now();
		if ((await this.#rows.hasLost()) && !this.#isClosed) {
			this.#follower.onReset();
		}
	}

	#tell(problem: string | undefined): void {
		if (problem !== this.#problem && !this.#isClosed) {
			this.#problem = problem;
			this.#follower.onProblem(problem);
		}
	}

	#wakeUp(): void {
		this.#isWoken = true;
		this.#wake?.();
	}

	async #pause(ms: number): Promise<void> {
		if (!this.#isWoken && !this.#isClosed) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, ms);
				this.#wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.#wake = undefined;
		this.#isWoken = false;
	}
}

import type { StorageStatus } from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { storageName } from '#shared/model/storage-address.ts';
import type { StorageCondition } from '#shared/model/storage.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import type { ActiveStorage, PageQuery } from '../active-storage.ts';
import { ThreadClient } from '../threads/thread-client.ts';
import type { ThreadEnd } from '../threads/thread-client.ts';
import type { NewEntry } from './log-storage.ts';
import { withoutSecret } from './storage-error.ts';
import { storageThreadSchemas } from './storage-thread-api.ts';
import type {
	StorageFound,
	StorageNews,
	StorageThreadApi,
	StorageToOpen,
} from './storage-thread-api.ts';

/** After a failure it is opened again, each time after twice as long. */
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 15_000;

/** A driver that does not come to its end is ended with its thread. */
const CLOSE_MS = 3_000;

/** A storage that has been at one thing for so long has no end to it. */
const PATIENCE_MS = 60_000;

/** Who is told of a storage. */
export interface StorageClientListener {
	/** Its condition, its numbers or its entries are others than before. */
	onChange(): void;
	/** It was opened anew after its thread had died: what was only in memory is gone. */
	onReopened(): void;
}

/**
 * A storage of the family in a thread of its own, as the engine's main thread knows it. It opens it,
 * and again after every failure, and when the thread has died.
 */
export class StorageClient implements ActiveStorage {
	readonly #thread: ThreadClient<StorageThreadApi>;
	readonly #listener: StorageClientListener;
	readonly #idle: StorageStatus;
	#storage: StorageToOpen;
	#opening: Promise<StorageFound>;
	#condition: StorageCondition = 'connecting';
	#message: string | undefined;
	#found: StorageFound | undefined;
	#news: StorageNews | undefined;
	#attempt = 0;
	#failures = 0;
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;
	/** Why its thread has ended last, as a sentence. */
	#ended = '';

	/** Begins to open it. `threadUrl`: where `storage-thread` is. Throws if the address is none. */
	constructor(
		threadUrl: URL,
		storage: StorageToOpen,
		listener: StorageClientListener,
		patienceMs = PATIENCE_MS,
	) {
		this.#storage = storage;
		this.#listener = listener;
		this.#idle = {
			kind: parseStorageAddress(storage.address).address.kind,
			size: 0,
			appended: 0,
			dropped: 0,
			bytes: 0,
			unsaved: 0,
			watermark: 0,
			revision: 0,
		};
		this.#thread = new ThreadClient({
			url: threadUrl,
			data: undefined,
			schemas: storageThreadSchemas,
			onRestart: () => this.#reopen(this.#ended),
			onEnd: (end) => {
				this.#ended = endedSentence(this.#storage, end, patienceMs);
			},
			patienceMs,
		});
		this.#opening = this.#open();
	}

	get condition(): StorageCondition {
		return this.#condition;
	}

	/** For `failed`: what failed, on what, what to do. */
	get message(): string | undefined {
		return this.#message;
	}

	/** What it can do and how much it has; `undefined` until it was reached. */
	get found(): StorageFound | undefined {
		return this.#news?.found ?? this.#found;
	}

	/** Resolves when it is open. Rejects with the sentence of the attempt that is under way. */
	whenOpen(): Promise<StorageFound> {
		return this.#opening;
	}

	/** Opens it anew at once, with another password if one is given. */
	retry(password: string | undefined = this.#storage.password): void {
		this.#storage = { ...this.#storage, password };
		this.#failures = 0;
		this.#begin();
	}

	/** See `LogStorage.append`; 1 to 10,000 entries. */
	append(entries: readonly NewEntry[]): Promise<void> {
		return this.#ask((api) => api.append({ entries }));
	}

	query(query: PageQuery): Promise<Page> {
		return this.#ask((api) => api.query(query));
	}

	count(query: CountQuery): Promise<Count> {
		return this.#ask((api) => api.count(query));
	}

	shape(query: ShapeQuery): Promise<Shape> {
		return this.#ask((api) => api.shape(query));
	}

	places(query: PlacesQuery): Promise<Places> {
		return this.#ask((api) => api.places(query));
	}

	getFields(): Promise<FieldList> {
		return this.#ask((api) => api.getFields({}));
	}

	getValues(query: ValuesQuery): Promise<ValueList> {
		return this.#ask((api) => api.getValues(query));
	}

	get(seq: number): Promise<LogEntry | undefined> {
		return this.#ask((api) => api.get({ seq }));
	}

	/** What writes entries out, where they are. */
	readonly exports: Pick<Client<StorageThreadApi>, 'openExport' | 'readExport' | 'closeExport'> = {
		openExport: (params) => this.#ask((api) => api.openExport(params)),
		readExport: (params) => this.#ask((api) => api.readExport(params)),
		closeExport: (params) => this.#ask((api) => api.closeExport(params)),
	};

	/** As it was told last; all zero until it was reached. */
	stats(): StorageStatus {
		return this.#news?.status ?? this.#idle;
	}

	async close(): Promise<void> {
		if (this.#isClosed) {
			return;
		}
		this.#isClosed = true;
		clearTimeout(this.#timer);
		let timer: NodeJS.Timeout | undefined;
		const patience = new Promise<void>((resolve) => {
			timer = setTimeout(resolve, CLOSE_MS);
		});
		await Promise.race([this.#thread.api.close({}).catch(() => {}), patience]);
		clearTimeout(timer);
		await this.#thread.close();
	}

	async #ask<T>(question: (api: Client<StorageThreadApi>) => Promise<T>): Promise<T> {
		const attempt = this.#attempt;
		try {
			await this.#opening;
			return await question(this.#thread.api);
		} catch (error) {
			const isChanged = error instanceof AppError && error.code === 'storage-changed';
			// Several questions may have met the same change.
			if (isChanged && attempt === this.#attempt) {
				this.#reopen(error.message);
			}
			const isEnded = error instanceof AppError && error.code === 'closed' && !this.#isClosed;
			throw isEnded ? new AppError('storage-failed', this.#ended) : error;
		}
	}

	#reopen(why: string): void {
		this.#message = why;
		this.#begin();
		this.#opening.then(() => this.#listener.onReopened()).catch(() => {}); // it is tried again
	}

	#begin(): void {
		if (this.#isClosed) {
			return;
		}
		clearTimeout(this.#timer);
		this.#opening = this.#open();
	}

	#open(): Promise<StorageFound> {
		const attempt = ++this.#attempt;
		this.#set('connecting', this.#message);
		const opening = this.#thread.api.open(this.#storage).then(
			(found) => {
				if (attempt === this.#attempt) {
					this.#failures = 0;
					this.#found = found;
					this.#set('ready');
					void this.#listen(attempt);
				}
				return found;
			},
			(error: unknown) => {
				if (attempt === this.#attempt && !this.#isClosed) {
					this.#set('failed', messageOf(error));
					const delay = Math.min(RETRY_MS * 2 ** this.#failures++, MAX_RETRY_MS);
					this.#timer = setTimeout(() => this.#begin(), delay);
				}
				throw error;
			},
		);
		opening.catch(() => {}); // told to who asks for it
		return opening;
	}

	/** Hears what is new until it is opened anew. */
	async #listen(attempt: number): Promise<void> {
		try {
			for (let known = 0; attempt === this.#attempt && !this.#isClosed;) {
				const news = await this.#thread.api.news({ known });
				if (attempt !== this.#attempt) {
					return;
				}
				known = news.number;
				this.#news = news;
				this.#condition = news.problem === undefined ? 'ready' : 'failed';
				this.#message = news.problem;
				this.#listener.onChange();
			}
		} catch (error) {
			// The thread has died, and is started again.
			if (!(error instanceof AppError)) {
				throw error;
			}
		}
	}

	#set(condition: StorageCondition, message?: string): void {
		if (condition === this.#condition && message === this.#message) {
			return;
		}
		this.#condition = condition;
		this.#message = message;
		this.#listener.onChange();
	}
}

/** A module of somebody may do anything to its thread, and throw what it likes. */
function endedSentence({ address, password }: StorageToOpen, end: ThreadEnd, ms: number): string {
	const name = storageName(parseStorageAddress(address).address);
	const why =
		end === 'stuck'
			? `has been at one thing for ${Math.round(ms / 1_000)} s, and was ended: see what it does there`
			: end === 'itself'
				? 'has ended its thread: see why it does that'
				: `was ended by an error that nobody caught: ${withoutSecret(messageOf(end), password)}`;
	return `${name} ${why}${/[.!?]$/.test(why) ? '' : '.'} It is opened again.`;
}

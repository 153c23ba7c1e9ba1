import { AppError, messageOf } from '#shared/errors.ts';
import { withoutPassword } from '#shared/model/storage-address.ts';
import type { StorageAbilities } from '#shared/model/storage.ts';
import { closedError } from '../closed-error.ts';
import type {
	LogStorage,
	NewEntry,
	StorageFollower,
	StoragePage,
	StorageQuery,
	StorageStats,
	StoredEntry,
} from '../log-storage.ts';
import { loadModule, moduleName } from './load-module.ts';
import type { ModuleOptions } from './load-module.ts';
import {
	readAbilities,
	readEntry,
	readPage,
	readStats,
	readStorage,
	WrongAnswer,
} from './returned.ts';
import type { ModuleStorage } from './returned.ts';

/** A module that has not answered by then has forgotten to. */
const PATIENCE_MS = 60_000;

/**
 * A storage out of a module of the user. It is not trusted: whatever it returns is checked, and an
 * entry that is none, does not match or is out of order is an error that names it, rather than a row
 * that nobody can explain. It promises what its module says it does; `own` answers are not asked for,
 * because they can't be checked.
 */
export class CustomLogStorage implements LogStorage {
	readonly #name: string;
	readonly #inner: ModuleStorage;
	#abilities: StorageAbilities;
	#isClosed = false;

	private constructor(name: string, inner: ModuleStorage) {
		this.#name = name;
		this.#inner = inner;
		this.#abilities = readAbilities(inner.abilities);
	}

	/** Loads the module and opens its storage. Rejects with a sentence, `storage-failed`. */
	static async open(path: string, options: ModuleOptions = {}): Promise<CustomLogStorage> {
		const open = await loadModule(path);
		const name = moduleName(path);
		const inner = await answerOf(name, 'openStorage', () => open(options), readStorage);
		return new CustomLogStorage(name, inner);
	}

	get abilities(): StorageAbilities {
		try {
			this.#abilities = readAbilities(this.#inner.abilities);
		} catch {
			// What they were when it was opened is still the best that is known.
		}
		return this.#abilities;
	}

	append(entries: readonly NewEntry[]): Promise<void> {
		return this.#ask(
			'append',
			() => this.#inner.append(entries),
			() => {},
		);
	}

	query(query: StorageQuery): Promise<StoragePage> {
		return this.#ask(
			'query',
			() => this.#inner.query(query),
			(page) => readPage(page, query),
		);
	}

	stats(): Promise<StorageStats> {
		return this.#ask('stats', () => this.#inner.stats(), readStats);
	}

	async follow(follower: StorageFollower): Promise<() => Promise<void>> {
		const checked = this.#checked(follower);
		const leave = await this.#ask('follow', () => this.#inner.follow(checked), readLeave);
		return async () => {
			checked.leave();
			if (!this.#isClosed) {
				await answerOf(this.#name, 'follow', leave, () => {});
			}
		};
	}

	async close(): Promise<void> {
		if (!this.#isClosed) {
			this.#isClosed = true;
			await answerOf(
				this.#name,
				'close',
				() => this.#inner.close(),
				() => {},
			);
		}
	}

	#ask<T>(method: string, ask: () => unknown, read: (answer: unknown) => T): Promise<T> {
		return this.#isClosed
			? Promise.reject(closedError(this.#name))
			: answerOf(this.#name, method, ask, read);
	}

	/** Hears what the module tells, and passes on what is right, until it is left or closed. */
	#checked(follower: StorageFollower): StorageFollower & { leave(): void } {
		let isLeft = false;
		const pass = (tell: () => void) => {
			if (!isLeft && !this.#isClosed) {
				tell();
			}
		};
		return {
			leave: () => {
				isLeft = true;
			},
			onEntries: (told: unknown) =>
				pass(() => {
					const { entries, problem } = readFollowed(told, this.#name);
					if (entries.length > 0) {
						follower.onEntries(entries);
					}
					if (problem !== undefined) {
						follower.onProblem(problem);
						follower.onReset();
					}
				}),
			onReset: () => pass(() => follower.onReset()),
			onProblem: (told: unknown) =>
				pass(() => follower.onProblem(told === undefined ? undefined : String(told))),
		};
	}
}

function readLeave(value: unknown): () => unknown {
	if (typeof value !== 'function') {
		throw new WrongAnswer('follow has to return a function that ends it');
	}
	return value as () => unknown;
}

/** Entries that are right, and what is wrong with the first one that is not. */
function readFollowed(
	told: unknown,
	name: string,
): { readonly entries: readonly StoredEntry[]; readonly problem?: string } {
	const entries: StoredEntry[] = [];
	try {
		if (!Array.isArray(told)) {
			throw new WrongAnswer('onEntries has to be called with a list of entries');
		}
		for (const [index, item] of told.entries()) {
			entries.push(readEntry(item, `entry ${index} of onEntries`));
		}
		return { entries };
	} catch (error) {
		return { entries, problem: sentence(name, messageOf(error)) };
	}
}

/** What a method of the module returns or throws, as it is or as a sentence. */
async function answerOf<T>(
	name: string,
	method: string,
	ask: () => unknown,
	read: (answer: unknown) => T,
): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	try {
		const patience = new Promise<never>((_, reject) => {
			timer = setTimeout(
				() => reject(new Error(`${method} has not answered for ${PATIENCE_MS / 1_000} s`)),
				PATIENCE_MS,
			);
		});
		return read(await Promise.race([(async () => ask())(), patience]));
	} catch (error) {
		const about = error instanceof WrongAnswer ? '' : `${method} failed: `;
		throw new AppError('storage-failed', sentence(name, `${about}${messageOf(error)}`), {
			cause: error,
		});
	} finally {
		clearTimeout(timer);
	}
}

function sentence(name: string, reason: string): string {
	const text = withoutPassword(reason).trim();
	return `${name}: ${text}${/[.!?]$/.test(text) ? '' : '.'}`;
}

import type { HostApi } from '#shared/api/host.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { Keychain } from './keychain.ts';
import type { KeptPassword, PasswordFile } from './password-file.ts';

/** Where a password is kept: encrypted by the keychain, as it is in a file, or only in memory. */
export type Keeping = Parameters<HostApi['setPassword']>[0]['keep'];

/** What passwords are read from and kept by. */
export interface PasswordsOptions {
	readonly file: PasswordFile;
	/** `undefined`: this host has none. */
	readonly keychain?: Keychain | undefined;
	/** Those of the command line, by address: for this run, whatever is kept. */
	readonly given?: Readonly<Record<string, string>>;
	/** Is told, as a sentence, of passwords that are kept and can't be read. */
	readonly onProblem: (message: string) => void;
}

/**
 * The passwords of storages, by their addresses (`formatStorageAddress`). What is kept is read when
 * it is first asked for; the keychain must be ready by then. No error ever has a password in it.
 */
export class Passwords {
	readonly #options: PasswordsOptions;
	readonly #known = new Map<string, { readonly password: string; readonly keep: Keeping }>();
	/** As they are in the file, also those that can't be read here. */
	#kept = new Map<string, KeptPassword>();
	#loading: Promise<void> | undefined;
	#lastChange: Promise<unknown> = Promise.resolve();

	constructor(options: PasswordsOptions) {
		this.#options = options;
	}

	/** Where passwords can be kept beside memory. */
	async keepsIn(): Promise<'keychain' | 'file'> {
		return (await this.#options.keychain?.isSafe()) === true ? 'keychain' : 'file';
	}

	/** All that are known, by address: for the engine, and nobody else. */
	async known(): Promise<Readonly<Record<string, string>>> {
		await this.#load();
		return Object.fromEntries(
			[...this.#known].map(([address, { password }]) => [address, password]),
		);
	}

	/** How those that are known are kept, by address. */
	async keepings(): Promise<Readonly<Record<string, Keeping>>> {
		await this.#load();
		return Object.fromEntries([...this.#known].map(([address, { keep }]) => [address, keep]));
	}

	/**
	 * Takes a password. Rejects with a sentence where it can't be kept so; it is known until the app
	 * ends then.
	 */
	set(address: string, password: string, keep: Keeping): Promise<void> {
		return this.#change(async () => {
			this.#known.set(address, { password, keep: 'session' });
			const kept = keep === 'session' ? undefined : await this.#keep(address, password, keep);
			this.#write(address, kept);
			this.#known.set(address, { password, keep });
		});
	}

	/** Forgets a password, wherever it is kept. */
	forget(address: string): Promise<void> {
		return this.#change(async () => {
			this.#known.delete(address);
			this.#write(address, undefined);
		});
	}

	async #keep(address: string, password: string, keep: 'keychain' | 'file'): Promise<KeptPassword> {
		if (keep === 'file') {
			return { keep, password };
		}
		const { keychain } = this.#options;
		if (keychain === undefined || (await this.keepsIn()) !== 'keychain') {
			throw new AppError(
				'not-allowed',
				`There is no keychain here to keep the password of ${address}: it is known until the app is closed.`,
			);
		}
		try {
			const bytes = await keychain.encrypt(password);
			return { keep, encrypted: Buffer.from(bytes).toString('base64') };
		} catch (error) {
			throw new AppError(
				'storage-failed',
				`The keychain does not take the password of ${address}${reason(error, password)}: it is known until the app is closed.`,
			);
		}
	}

	#write(address: string, kept: KeptPassword | undefined): void {
		const before = this.#kept;
		if (kept === undefined && !before.has(address)) {
			return;
		}
		const after = new Map(before);
		after.delete(address);
		if (kept !== undefined) {
			after.set(address, kept);
		}
		this.#options.file.save(after);
		this.#kept = after;
	}

	/** One after the other, so that the file has what was said last. */
	async #change(change: () => Promise<void>): Promise<void> {
		await this.#load();
		const done = this.#lastChange.then(change);
		this.#lastChange = done.catch(() => {});
		await done;
	}

	#load(): Promise<void> {
		this.#loading ??= this.#read();
		return this.#loading;
	}

	async #read(): Promise<void> {
		try {
			this.#kept = new Map(this.#options.file.load());
		} catch (error) {
			this.#options.onProblem(messageOf(error));
		}
		for (const [address, kept] of this.#kept) {
			if (kept.keep === 'file') {
				this.#known.set(address, kept);
			} else {
				await this.#decrypt(address, kept.encrypted);
			}
		}
		for (const [address, password] of Object.entries(this.#options.given ?? {})) {
			this.#known.set(address, { password, keep: 'session' });
		}
	}

	async #decrypt(address: string, encrypted: string): Promise<void> {
		const { keychain, onProblem } = this.#options;
		if (keychain === undefined) {
			onProblem(
				`The password of ${address} is in the keychain, which only the desktop app reads: type it here again.`,
			);
			return;
		}
		try {
			const password = await keychain.decrypt(Buffer.from(encrypted, 'base64'));
			this.#known.set(address, { password, keep: 'keychain' });
		} catch (error) {
			onProblem(
				`The keychain does not give the password of ${address}${reason(error)}: type it again.`,
			);
		}
	}
}

/** What a keychain says, unless it repeats the password. */
function reason(error: unknown, password = ''): string {
	const message = messageOf(error);
	return message === '' || (password !== '' && message.includes(password)) ? '' : ` (${message})`;
}

import type { EngineApi, EngineState, StorageTest } from '#shared/api/engine.ts';
import type { HostApi } from '#shared/api/host.ts';
import { messageOf } from '#shared/errors.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import { STORAGE_KINDS } from '#shared/model/storage.ts';
import type { StorageKind } from '#shared/model/storage.ts';
import { addressOf, STORAGE_EXAMPLES, valuesOf } from '../../lib/storage-fields.ts';
import type { FieldValues } from '../../lib/storage-fields.ts';

/** Where a password is kept. */
export type Keeping = 'keychain' | 'file' | 'session';

/** What the form reads and changes. */
export interface StorageFormHost {
	readonly engine: Pick<EngineState, 'storages'>;
	readonly files: { readonly info: { readonly keepsPasswordsIn: 'keychain' | 'file' } | undefined };
	readonly services: {
		readonly engine: Pick<EngineApi, 'setStorages' | 'testStorage'>;
		readonly host: Pick<HostApi, 'setPassword' | 'forgetPassword' | 'getPasswords'>;
	};
}

/**
 * A storage to be used: fields by its kind and an address as text, which are two ways to write the
 * same. A password that stands in the text is taken out of it as soon as the text is whole.
 */
export class StorageForm {
	password = $state('');
	keep: Keeping = $state('session');
	sendStored = $state(false);
	/** What of the fields would not do, by their names. */
	problems: FieldValues = $state.raw({});
	/** Why the address would not do, or the storage could not be chosen. */
	problem: string | undefined = $state();
	/** What came of the test of what is filled in. */
	test: StorageTest | undefined = $state.raw();
	isTesting = $state(false);
	/** What was done with it. */
	done: string | undefined = $state();
	isBusy = $state(false);
	/** How passwords are kept that are known, by address. */
	kept: Readonly<Record<string, Keeping>> = $state.raw({});
	readonly #host: StorageFormHost;
	#kind: StorageKind = $state('postgres');
	#values: Readonly<Record<StorageKind, FieldValues>> = $state.raw(emptyValues());
	/** The text while it is typed; `undefined`: what the fields say. */
	#typed: string | undefined = $state();
	#tested = 0;

	/** Begins with the storage that the table shows. */
	constructor(host: StorageFormHost) {
		this.#host = host;
		this.text = this.#choice.active;
		this.textDone();
		this.keep = host.files.info?.keepsPasswordsIn === 'keychain' ? 'keychain' : 'session';
	}

	get kind(): StorageKind {
		return this.#kind;
	}

	set kind(kind: StorageKind) {
		this.#kind = kind;
		this.#typed = undefined;
		this.changed();
	}

	get values(): FieldValues {
		return this.#values[this.#kind];
	}

	/** Fills in a field; the text says it then. */
	set(name: string, value: string): void {
		this.#fill(this.#kind, { ...this.values, [name]: value });
		this.#typed = undefined;
		this.changed();
	}

	/** The address as text: as it is typed, or what the fields say as far as they would do. */
	get text(): string {
		return this.#typed ?? this.address ?? '';
	}

	set text(text: string) {
		this.#typed = text;
		this.changed();
		try {
			const { address } = parseStorageAddress(text);
			this.#kind = address.kind;
			this.#fill(address.kind, valuesOf(address));
		} catch {
			// Not whole yet: `read` says what is wrong with it.
		}
	}

	/** The text is whole, as far as the user is concerned: a password in it goes where it belongs. */
	textDone(): void {
		const typed = this.#typed;
		if (typed === undefined) {
			return;
		}
		try {
			const { password } = parseStorageAddress(typed);
			if (password !== undefined) {
				this.password = password;
			}
			this.#typed = undefined;
		} catch (error) {
			if (typed.trim() === '') {
				this.#typed = undefined;
			} else {
				this.problem = messageOf(error);
			}
		}
	}

	/** What is filled in, as it is known by; `undefined` where something is missing. */
	get address(): string | undefined {
		const read = addressOf(this.#kind, this.values);
		return 'address' in read ? formatStorageAddress(read.address) : undefined;
	}

	/** Whether this kind has a password at all. */
	get hasPassword(): boolean {
		return this.#kind === 'postgres' || this.#kind === 'redis';
	}

	/** How the password of what is filled in is kept, if it is known. */
	get keeping(): Keeping | undefined {
		const { address } = this;
		return address === undefined ? undefined : this.kept[address];
	}

	/** What was said of something else does not count. */
	changed(): void {
		this.problem = undefined;
		this.problems = {};
		this.test = undefined;
		this.isTesting = false;
		this.done = undefined;
		this.#tested++;
	}

	/** Asks how passwords are kept. */
	async readKept(): Promise<void> {
		try {
			this.kept = await this.#host.services.host.getPasswords({});
		} catch (error) {
			this.problem = messageOf(error);
		}
	}

	/** Opens it and closes it again; `test` is what came of it, or `problem` why it was not tried. */
	async tryOut(): Promise<void> {
		this.changed();
		const address = this.#readOrSay();
		if (address === undefined) {
			return;
		}
		const number = this.#tested;
		const { password } = this;
		this.isTesting = true;
		const test = await this.#host.services.engine
			.testStorage({ address, ...(this.hasPassword && password !== '' ? { password } : {}) })
			.catch((error: unknown): StorageTest => ({ ok: false, message: messageOf(error) }));
		if (number === this.#tested) {
			this.test = test;
			this.isTesting = false;
		}
	}

	/** Shows it in the table from now on, or lets it receive everything too; whether that is so now. */
	async use(role: 'active' | 'mirror'): Promise<boolean> {
		this.changed();
		const address = this.#readOrSay();
		if (address === undefined) {
			return false;
		}
		const { active, mirrors } = this.#choice;
		if (role === 'mirror' && (address === 'sqlite' || [active, ...mirrors].includes(address))) {
			this.problem =
				address === 'sqlite'
					? 'The local database receives everything anyway.'
					: `${address} is in use already.`;
			return false;
		}
		await this.#keepPassword(address);
		const isChosen = await this.#choose(
			role === 'active'
				? { active: address, mirrors: mirrors.filter((one) => one !== address) }
				: { active, mirrors: [...mirrors, address] },
			this.sendStored,
		);
		if (isChosen) {
			this.done =
				role === 'active'
					? 'The table shows it from now on.'
					: 'It receives everything from now on.';
		}
		return isChosen;
	}

	/** Uses a storage no more: a mirror receives nothing from now on; instead of the active one, SQLite is shown. */
	async remove(address: string): Promise<boolean> {
		this.changed();
		const { active, mirrors } = this.#choice;
		return this.#choose(
			{
				active: active === address ? 'sqlite' : active,
				mirrors: mirrors.filter((one) => one !== address),
			},
			false,
		);
	}

	/** Forgets the password of what is filled in, wherever it is kept. */
	async forget(): Promise<void> {
		const { address } = this;
		if (address !== undefined) {
			await this.#host.services.host
				.forgetPassword({ address })
				.catch((error: unknown) => void (this.problem = messageOf(error)));
			await this.readKept();
		}
	}

	get #choice(): { readonly active: string; readonly mirrors: readonly string[] } {
		const { storages } = this.#host.engine;
		return {
			active: storages.find(({ role }) => role === 'active')?.address ?? 'sqlite',
			mirrors: storages.filter(({ role }) => role === 'mirror').map(({ address }) => address),
		};
	}

	async #choose(
		choice: { readonly active: string; readonly mirrors: readonly string[] },
		sendStored: boolean,
	): Promise<boolean> {
		this.isBusy = true;
		try {
			await this.#host.services.engine.setStorages({ ...choice, send_stored: sendStored });
			return true;
		} catch (error) {
			this.problem = messageOf(error);
			return false;
		} finally {
			this.isBusy = false;
		}
	}

	/** The page has it no longer than it must. */
	async #keepPassword(address: string): Promise<void> {
		const { password, keep } = this;
		if (!this.hasPassword || password === '') {
			return;
		}
		this.password = '';
		await this.#host.services.host
			.setPassword({ address, password, keep })
			.catch((error: unknown) => void (this.problem = messageOf(error))); // it is known all the same
		await this.readKept();
	}

	#readOrSay(): string | undefined {
		this.textDone();
		if (this.problem !== undefined) {
			return undefined;
		}
		const read = addressOf(this.#kind, this.values);
		if ('problems' in read) {
			this.problems = read.problems;
			return undefined;
		}
		return formatStorageAddress(read.address);
	}

	#fill(kind: StorageKind, values: FieldValues): void {
		this.#values = { ...this.#values, [kind]: values };
	}
}

function emptyValues(): Readonly<Record<StorageKind, FieldValues>> {
	const values = STORAGE_KINDS.map((kind) => [kind, valuesOf(STORAGE_EXAMPLES[kind])]);
	return Object.fromEntries(values) as Record<StorageKind, FieldValues>; // made of all kinds
}

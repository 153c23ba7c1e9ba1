import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';

/** Where a password is looked for that does not stand in `--storage`. */
export const PASSWORD_VARIABLE = 'ASYNCZ_COMPANION_STORAGE_PASSWORD';

/** Where the programs of each server have theirs. */
const USUAL_VARIABLES: Readonly<Partial<Record<string, string>>> = {
	postgres: 'PGPASSWORD',
	redis: 'REDISCLI_AUTH',
};

type Environment = Readonly<Record<string, string | undefined>>;

/** A storage that is named on the command line. */
export interface NamedStorage {
	/** As `formatStorageAddress` writes it, its path absolute. */
	readonly address: string;
	/** Which no message, title or other process is to show. */
	readonly password: string | undefined;
	/** Nothing is to be kept: it was asked for a ring in memory. */
	readonly isMemory: boolean;
}

/** Reads the value of `--storage`. Throws `invalid-options` with a sentence without the password. */
export function storageOption(
	text: string,
	toPath: (path: string) => string,
	env: Environment,
): NamedStorage {
	const { address, password } = parseStorageAddress(text);
	const whole = 'path' in address ? { ...address, path: toPath(address.path) } : address;
	const isInFile = address.kind !== 'custom' && 'path' in address;
	const usual = USUAL_VARIABLES[address.kind];
	const inEnvironment = env[PASSWORD_VARIABLE] ?? (usual === undefined ? undefined : env[usual]);
	return {
		address: formatStorageAddress(whole),
		password: password ?? (isInFile ? undefined : inEnvironment),
		isMemory: address.kind === 'memory',
	};
}

/** The passwords that a run was given, by address. */
export function givenPasswords(
	storage: NamedStorage | undefined,
): Readonly<Record<string, string>> {
	return storage?.password === undefined ? {} : { [storage.address]: storage.password };
}

/** What an engine host is told of it. */
export function storageOfRun(storage: NamedStorage | undefined): {
	readonly storage: string | undefined;
	readonly keepsNothing: boolean;
} {
	return { storage: storage?.address, keepsNothing: storage?.isMemory === true };
}

/** The storages that pages may use because they were named, by their addresses. */
export function namedStorages(storage: NamedStorage | undefined): readonly string[] {
	return storage === undefined ? [] : [storage.address];
}

/**
 * Arguments as another process may be started with them: everybody on the machine can read those,
 * so that a password goes into its environment instead.
 */
export function withHiddenPassword(
	args: readonly string[],
	env: Environment,
): { readonly args: readonly string[]; readonly env: Environment } {
	const hidden: string[] = [];
	let found: string | undefined;
	for (const [index, arg] of args.entries()) {
		const isInline = arg.startsWith(`${FLAG}=`);
		const value = isInline ? arg.slice(FLAG.length + 1) : args[index - 1] === FLAG ? arg : '';
		const { address, password } = value === '' ? NOTHING : parseStorageAddress(value);
		found = password ?? found;
		hidden.push(
			address === undefined || password === undefined
				? arg
				: `${isInline ? `${FLAG}=` : ''}${formatStorageAddress(address)}`,
		);
	}
	return { args: hidden, env: found === undefined ? env : { ...env, [PASSWORD_VARIABLE]: found } };
}

const FLAG = '--storage';
const NOTHING = { address: undefined, password: undefined };

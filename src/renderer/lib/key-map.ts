import { COMMANDS } from './commands.ts';
import type { Command } from './commands.ts';

/** Keys that a user has given to commands, by the commands' ids: they stand for all keys of those. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

/** Which key tells which command, keys written as `keyOf` does. */
export interface KeyMap {
	/** While the table has the focus. */
	readonly inTable: ReadonlyMap<string, Command>;
	/** Wherever the focus is. */
	readonly anywhere: ReadonlyMap<string, Command>;
	/** The keys of each command, those that act in the table first. */
	readonly keys: ReadonlyMap<Command, readonly string[]>;
}

/** With these a text field does something by itself. */
const TEXT_KEYS: ReadonlySet<string> = new Set(
	['A', 'C', 'V', 'X', 'Y', 'Z', 'Shift+Z'].map((key) => `Ctrl+${key}`),
);

/** The commands' own keys, but for those that a user has given others. */
export function keyMapOf(own: OwnKeys): KeyMap {
	const inTable = new Map<string, Command>();
	const anywhere = new Map<string, Command>();
	const keys = new Map<Command, readonly string[]>();
	// The user's last: of two commands with one key it is theirs that is meant.
	const ordered = COMMANDS.toSorted((a, b) => Number(isOwn(own, a.id)) - Number(isOwn(own, b.id)));
	for (const { id } of ordered) {
		for (const key of keysOf(own, id)) {
			(actsAnywhere(id, key) ? anywhere : inTable).set(key, id);
		}
	}
	for (const { id } of COMMANDS) {
		const isMeant = (key: string) => (actsAnywhere(id, key) ? anywhere : inTable).get(key) === id;
		keys.set(id, keysOf(own, id).filter(isMeant));
	}
	return { inTable, anywhere, keys };
}

/** Whether a command has other keys than by itself. */
export function isOwn(own: OwnKeys, command: Command): boolean {
	return Object.hasOwn(own, command);
}

/** Which command has a key now. */
export function ownerOf(own: OwnKeys, key: string): Command | undefined {
	const { inTable, anywhere } = keyMapOf(own);
	return inTable.get(key) ?? anywhere.get(key);
}

/** Gives a key to a command, and takes it from the one that had it. */
export function giveKey(own: OwnKeys, command: Command, key: string): OwnKeys {
	const others = takeFromAll(own, [key]);
	return withKeys(others, command, [...keysOf(others, command), key]);
}

/** Takes a key from a command. */
export function takeKey(own: OwnKeys, command: Command, key: string): OwnKeys {
	return withKeys(
		own,
		command,
		keysOf(own, command).filter((other) => other !== key),
	);
}

/** Gives a command its own keys back, also those that others have got meanwhile. */
export function resetKeys(own: OwnKeys, command: Command): OwnKeys {
	const keys = defaultsOf(command);
	return withKeys(takeFromAll(own, keys), command, keys);
}

/** Why a key can be given to no command; `undefined` if it can. */
export function whyNotGiven(key: string): string | undefined {
	const name = key.replace(/^(?:Ctrl\+|Alt\+|Shift\+)+(?=.)/, '');
	if (name === 'Tab') {
		return 'Tab goes from one part of the window to the next.';
	}
	if (key === 'Escape') {
		return 'Esc steps back, here and everywhere.';
	}
	return undefined;
}

function takeFromAll(own: OwnKeys, keys: readonly string[]): OwnKeys {
	return COMMANDS.reduce(
		(rest, { id }) => keys.reduce((left, key) => takeIfThere(left, id, key), rest),
		own,
	);
}

function takeIfThere(own: OwnKeys, command: Command, key: string): OwnKeys {
	return keysOf(own, command).includes(key) ? takeKey(own, command, key) : own;
}

/** The same as by itself is nothing of the user's. */
function withKeys(own: OwnKeys, command: Command, keys: readonly string[]): OwnKeys {
	const { [command]: _before, ...others } = own;
	const defaults = defaultsOf(command);
	const isDefault = keys.length === defaults.length && keys.every((key) => defaults.includes(key));
	return isDefault ? others : { ...others, [command]: keys };
}

function keysOf(own: OwnKeys, command: Command): readonly string[] {
	return (isOwn(own, command) ? own[command] : undefined) ?? defaultsOf(command);
}

function defaultsOf(command: Command): readonly string[] {
	const { keys = [], anywhere = [] } = COMMANDS.find(({ id }) => id === command) ?? {};
	return [...keys, ...anywhere];
}

/**
 * A command's own keys act where the table of commands says. Others do so everywhere if the command
 * has such keys by itself, and if nothing that is typed could mean them.
 */
function actsAnywhere(command: Command, key: string): boolean {
	const { keys = [], anywhere = [] } = COMMANDS.find(({ id }) => id === command) ?? {};
	if (keys.includes(key) || anywhere.includes(key)) {
		return anywhere.includes(key);
	}
	return anywhere.length > 0 && /^(?:Ctrl\+|Alt\+|F\d)/.test(key) && !TEXT_KEYS.has(key);
}

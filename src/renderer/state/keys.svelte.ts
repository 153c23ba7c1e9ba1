import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { viewCommand } from '../lib/commands.ts';
import type { Command } from '../lib/commands.ts';
import { giveKey, isOwn, keyMapOf, ownerOf, resetKeys, takeKey } from '../lib/key-map.ts';
import { keyName } from '../lib/key-names.ts';
import { commandOf } from '../lib/shortcuts.ts';
import type { KeyPlace, KeyPress } from '../lib/shortcuts.ts';

/** Where the keys of a user are kept, and what they are written on. */
export interface KeySettings {
	readonly settings: Pick<Settings, 'keys' | 'letter_keys'>;
	readonly files: { readonly info: { readonly isMac: boolean } | undefined };
	changeSettings(change: SettingsChange): void;
}

/** Which key does what, as the user has it. */
export class Keys {
	readonly #of: KeySettings;
	readonly #map = $derived(keyMapOf(this.#own));

	constructor(of: KeySettings) {
		this.#of = of;
	}

	get #own(): Settings['keys'] {
		return this.#of.settings.keys;
	}

	/** What a key that was pressed tells. `inTable`: the table has the focus. */
	commandOf(press: KeyPress, { inTable }: Pick<KeyPlace, 'inTable'>): Command | undefined {
		const { letter_keys: letterKeys } = this.#of.settings;
		return commandOf(press, { inTable, letterKeys }, this.#map);
	}

	/** The keys of a command, as `keyOf` writes them. */
	of(command: Command): readonly string[] {
		return this.#map.keys.get(command) ?? [];
	}

	/** The keys of a command as they are written on the keyboard. */
	names(command: Command): readonly string[] {
		return this.of(command).map((key) => keyName(key, this.#of.files.info?.isMac ?? false));
	}

	/** A tooltip that names the first key of a command, if it has one: `Export entries (Ctrl+E)`. */
	hint(text: string, command: Command): string {
		const [name] = this.names(command);
		return name === undefined ? text : `${text} (${name})`;
	}

	/** A key that does the same as a line of a menu, if there is one. */
	item(command: Command): { readonly key?: string } {
		const [key] = this.names(command);
		return key === undefined ? {} : { key };
	}

	/** Whether the user has changed the keys of a command, or of any. */
	isOwn(command?: Command): boolean {
		return command === undefined ? Object.keys(this.#own).length > 0 : isOwn(this.#own, command);
	}

	/** Which command a key has now. */
	ownerOf(key: string): Command | undefined {
		return ownerOf(this.#own, key);
	}

	/** Gives a key to a command; the one that had it has it no longer. */
	give(command: Command, key: string): void {
		this.#change(giveKey(this.#own, command, key));
	}

	take(command: Command, key: string): void {
		this.#change(takeKey(this.#own, command, key));
	}

	/** Gives a command the keys back that it has by itself, or all of them. */
	reset(command?: Command): void {
		this.#change(command === undefined ? {} : resetKeys(this.#own, command));
	}

	#change(keys: Readonly<Record<string, readonly string[]>>): void {
		const copied = Object.entries(keys).map(([id, list]): [string, string[]] => [id, [...list]]);
		this.#of.changeSettings({ keys: Object.fromEntries(copied) });
	}
}

/** The keys of a saved view, counted from 0; only the first nine can have some. */
export function keysOfView(keys: Keys, index: number): readonly string[] {
	const command = viewCommand(index);
	return command === undefined ? [] : keys.of(command);
}

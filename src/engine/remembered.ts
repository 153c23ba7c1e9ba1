import { messageOf } from '#shared/errors.ts';
import type { Settings } from '#shared/model/settings.ts';
import type { Problems } from './problems.ts';
import { SettingsFile } from './settings-file.ts';
import type { UserData } from './settings-file.ts';

/** What is the user's own, as it is now: each change of it is saved at once. */
export class Remembered {
	readonly #file: SettingsFile;
	readonly #problems: Problems;
	readonly #onSettings: (settings: Settings) => void;
	#data: UserData;
	/** The settings are there and could not be read: nothing is to be written over them unasked. */
	readonly isUnread: boolean;
	/** What could not be read, as a sentence. */
	readonly problem: string | undefined;

	/** Reads the settings at `path`; `onSettings` is told of each change of them. */
	constructor(path: string, problems: Problems, onSettings: (settings: Settings) => void) {
		this.#file = new SettingsFile(path);
		this.#problems = problems;
		this.#onSettings = onSettings;
		const { data, problem, isUnread = false } = this.#file.load();
		this.#data = data;
		this.problem = problem;
		this.isUnread = isUnread;
	}

	get data(): UserData {
		return this.#data;
	}

	get settings(): Settings {
		return this.#data.settings;
	}

	/** Knows better than the file, which goes on having what it has until the next change. */
	correct(change: Partial<UserData>): void {
		this.#data = { ...this.#data, ...change };
	}

	/** Takes over a change, and saves it; where that fails it lasts until the end. */
	change(change: Partial<UserData>): void {
		this.#data = { ...this.#data, ...change };
		try {
			this.#file.save(this.#data);
			this.#problems.clear('settings');
		} catch (error) {
			this.#problems.set(
				'settings',
				`The settings can't be saved (${messageOf(error)}): changes last until you quit.`,
			);
		}
		if (change.settings !== undefined) {
			this.#onSettings(this.#data.settings);
		}
	}
}

import type { Settings } from '#shared/model/settings.ts';

/**
 * Between a change of settings in this window and the engine's word of it. The window shows a change
 * at once; of two in a row, what the engine tells of the first one must not take back the second.
 */
export class SettingsUnderWay {
	readonly #take: (settings: Settings) => void;
	#changes = 0;
	#told: Settings | undefined;

	/** `take`: what the engine has is what is shown now. */
	constructor(take: (settings: Settings) => void) {
		this.#take = take;
	}

	/** The engine tells its settings: taken over at once, or when no change is under way. */
	told(settings: Settings): void {
		if (this.#changes === 0) {
			this.#take(settings);
		} else {
			this.#told = settings;
		}
	}

	/** Sends a change. Rejects as that does; what was told last is right then. */
	async send(change: () => Promise<unknown>): Promise<void> {
		this.#changes++;
		try {
			await change();
		} finally {
			this.#changes--;
			const told = this.#told;
			if (this.#changes === 0 && told !== undefined) {
				this.#told = undefined;
				this.#take(told);
			}
		}
	}
}

import type { Unsubscribe } from '#shared/rpc/channel.ts';
import type { EngineApi } from '#shared/api/engine.ts';
import type { Clock } from '../lib/clock.ts';
import type { MemoryBytes } from '../lib/load-text.ts';

/** How often it is looked at. */
const LOOK_MS = 5_000;

/** How much memory the app takes, looked at again and again. */
export class MemoryUse {
	/** `undefined` before the engine has told. */
	bytes: MemoryBytes | undefined = $state.raw();
	readonly #api: Pick<EngineApi, 'getUsage'>;
	readonly #clock: Clock;
	readonly #pageBytes: () => number | undefined;

	constructor(api: Pick<EngineApi, 'getUsage'>, clock: Clock, pageBytes: () => number | undefined) {
		this.#api = api;
		this.#clock = clock;
		this.#pageBytes = pageBytes;
	}

	/** Looks until it is called off. */
	watch(): Unsubscribe {
		let stop: Unsubscribe | undefined;
		let isOver = false;
		const look = async (): Promise<void> => {
			await this.#look();
			if (!isOver) {
				stop = this.#clock.after(LOOK_MS, () => void look());
			}
		};
		void look();
		return () => {
			isOver = true;
			stop?.();
		};
	}

	async #look(): Promise<void> {
		try {
			const { memory_bytes: engine } = await this.#api.getUsage({});
			this.bytes = { engine, page: this.#pageBytes() };
		} catch {
			// There is no engine at the moment, which is told elsewhere.
			this.bytes = undefined;
		}
	}
}

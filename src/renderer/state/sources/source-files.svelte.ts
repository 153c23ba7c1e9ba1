import type { EngineApi } from '#shared/api/engine.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import type { SourceFile, SourceId } from '#shared/model/source.ts';
import type { Clock } from '../../lib/clock.ts';

/** The logs of a source are asked for at most this often: a folder may have thousands. */
const ASK_EVERY_MS = 500;

/** The logs of one source, kept up to date while someone looks at them. */
export class SourceFiles {
	/** The one written last first; `undefined` until they are known. */
	list: readonly SourceFile[] | undefined = $state.raw();
	/** Why they could not be read. */
	problem: string | undefined = $state();
	readonly #api: Pick<EngineApi, 'getSourceFiles'>;
	readonly #id: SourceId;
	readonly #clock: Clock;
	#askedAt = -Infinity;
	#isDue = false;
	#isAsking = false;
	#isClosed = false;
	#cancel: () => void = () => {};

	constructor(api: Pick<EngineApi, 'getSourceFiles'>, id: SourceId, clock: Clock) {
		this.#api = api;
		this.#id = id;
		this.#clock = clock;
	}

	/** Something is new: the logs are asked for, now or as soon as it is time again. */
	changed(): void {
		if (this.#isDue || this.#isClosed) {
			return;
		}
		this.#isDue = true;
		if (!this.#isAsking) {
			this.#arrange();
		}
	}

	/** Nobody looks any more. */
	close(): void {
		this.#isClosed = true;
		this.#cancel();
	}

	#arrange(): void {
		const delayMs = Math.max(this.#askedAt + ASK_EVERY_MS - this.#clock.now(), 0);
		this.#cancel = this.#clock.after(delayMs, () => void this.#ask());
	}

	async #ask(): Promise<void> {
		this.#isDue = false;
		this.#isAsking = true;
		this.#askedAt = this.#clock.now();
		try {
			this.list = await this.#api.getSourceFiles({ id: this.#id });
			this.problem = undefined;
		} catch (error) {
			// A lost connection is said elsewhere, and what was read stays.
			const isLost = error instanceof AppError && error.code === 'closed';
			this.problem = isLost ? this.problem : messageOf(error);
		}
		this.#isAsking = false;
		if (this.#isDue && !this.#isClosed) {
			this.#arrange();
		}
	}
}

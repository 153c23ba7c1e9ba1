import type { EngineApi } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import type { Settings } from '#shared/model/settings.ts';
import { readBound, SIZE_RULE, writtenBound } from '../../lib/bound-field.ts';

/** What the form reads and changes. */
export interface SpoolFormHost {
	readonly settings: Pick<Settings, 'storage'>;
	readonly services: { readonly engine: Pick<EngineApi, 'setSpoolBytes'> };
}

/** How much is kept for a storage that is away: what is typed, in GB, and what of it would not do. */
export class SpoolForm {
	problem: string | undefined = $state();
	/** It is set to what is shown since the dialog was opened. */
	isDone = $state(false);
	isBusy = $state(false);
	readonly #host: SpoolFormHost;
	/** What is typed; `undefined`: what is set. */
	#typed: string | undefined = $state();

	constructor(host: SpoolFormHost) {
		this.#host = host;
	}

	get text(): string {
		return this.#typed ?? writtenBound(this.#bytes, SIZE_RULE);
	}

	set text(text: string) {
		this.#typed = text;
		this.problem = undefined;
		this.isDone = false;
	}

	/** Whether there is something to be set. */
	get isChanged(): boolean {
		return this.#typed !== undefined && this.#typed.trim() !== writtenBound(this.#bytes, SIZE_RULE);
	}

	/** Sets it, from now on; or says why not, and whether it did. */
	async save(): Promise<boolean> {
		const bytes = readBound(this.text, SIZE_RULE, this.#bytes);
		this.problem = bytes === undefined ? SIZE_RULE.problem : undefined;
		if (bytes === undefined) {
			return false;
		}
		this.isBusy = true;
		try {
			await this.#host.services.engine.setSpoolBytes({ bytes });
			this.#typed = undefined;
			this.isDone = true;
			return true;
		} catch (error) {
			this.problem = messageOf(error);
			return false;
		} finally {
			this.isBusy = false;
		}
	}

	get #bytes(): number {
		return this.#host.settings.storage.spool_bytes;
	}
}

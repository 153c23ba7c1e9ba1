import type { Problems } from './problems.ts';

/** What keeps logs from being read on: the disk, or a storage that does not take what is kept for it. */
export type BlockCause = 'disk' | 'storage';

/** Why logs wait at the moment, as sentences that are shown until they go on. */
export class Blockage {
	readonly #problems: Problems;
	readonly #onChange: () => void;
	readonly #messages = new Map<BlockCause, string>();

	constructor(problems: Problems, onChange: () => void) {
		this.#problems = problems;
		this.#onChange = onChange;
	}

	/** The reason, if there is one; that of the disk first. */
	get message(): string | undefined {
		return this.#messages.get('disk') ?? this.#messages.get('storage');
	}

	/** `undefined`: this is no reason any more. */
	set(cause: BlockCause, message: string | undefined): void {
		if (message === undefined) {
			this.#messages.delete(cause);
			this.#problems.clear(`blocked-${cause}`);
		} else {
			this.#messages.set(cause, message);
			this.#problems.set(`blocked-${cause}`, message);
		}
		this.#onChange();
	}
}

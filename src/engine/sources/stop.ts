/** Ends `run` where it waits for the sink. */
export class Stopped extends Error {}

/** Ends a wait. A race with one promise for all waits would be remembered by that for ever. */
export class Stop {
	#isStopped = false;
	#reject: ((reason: Error) => void) | undefined;

	stop(): void {
		this.#isStopped = true;
		this.#reject?.(new Stopped());
	}

	/** Waits for the work, one at a time; throws `Stopped` as soon as it has to end. */
	async orUntil(work: Promise<void>): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			this.#reject = reject;
			work.then(resolve, reject);
			if (this.#isStopped) {
				reject(new Stopped());
			}
		});
	}
}

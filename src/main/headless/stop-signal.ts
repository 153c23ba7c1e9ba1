const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** A terminal tells everyone, and so do npm and npx: more than one signal in this time is one. */
const ONE_MS = 1_000;

/**
 * Tells of signals that ask for the end. Where `isAskedFor`, nothing but Ctrl+C or SIGTERM ends the
 * run: then the first one aborts what is returned, and all goes on to its end in order. Every other
 * one calls `end` with the code to exit with.
 */
export function stopOnSignal(isAskedFor: boolean, end: (exitCode: number) => void): AbortSignal {
	const stop = new AbortController();
	let firstAt: number | undefined;
	for (const [signal, code] of Object.entries(EXIT_CODES)) {
		process.on(signal, () => {
			if (firstAt !== undefined && performance.now() - firstAt < ONE_MS) {
				return;
			}
			const isFirst = firstAt === undefined;
			firstAt ??= performance.now();
			if (isFirst && isAskedFor && signal !== 'SIGHUP') {
				stop.abort();
			} else {
				end(code);
			}
		});
	}
	return stop.signal;
}

/** Resolves when one of the signals is aborted. */
export async function untilAborted(...signals: readonly AbortSignal[]): Promise<void> {
	const any = AbortSignal.any([...signals]);
	if (!any.aborted) {
		await new Promise<void>((resolve) => {
			any.addEventListener('abort', () => resolve(), { once: true });
		});
	}
}

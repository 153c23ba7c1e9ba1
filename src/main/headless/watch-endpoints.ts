import { AppError } from '#shared/errors.ts';
import type { EndpointStatus } from '#shared/model/feed.ts';
import type { EngineHost } from '../engine-host.ts';

/**
 * Tells how the addresses of a run are doing, a sentence whenever that is another state. Rejects
 * when one that is to be listened on can't be opened in the first place: nothing would ever come.
 */
export function watchEndpoints(
	engine: EngineHost,
	tell: (sentence: string) => void,
): Promise<never> {
	const failed = Promise.withResolvers<never>();
	failed.promise.catch(() => {}); // told when it is awaited
	const told = new Map<string, EndpointStatus['state']>();
	engine.subscribe({
		endpointsChanged: (endpoints) => {
			for (const endpoint of endpoints) {
				const { address, kind, state, message } = endpoint;
				const isNew = told.get(address) !== state;
				// One that was not tried yet says nothing.
				if (isNew && (state !== 'failed' || message !== undefined)) {
					if (state === 'failed' && kind === 'listen' && !told.has(address)) {
						failed.reject(new AppError('source-unavailable', sentenceOf(endpoint)));
						return;
					}
					told.set(address, state);
					tell(sentenceOf(endpoint));
				}
			}
		},
	});
	return failed.promise;
}

function sentenceOf({ address, state, message }: EndpointStatus): string {
	switch (state) {
		case 'listening':
			return `Listening at ${address}`;
		case 'connected':
			return `Connected to ${address}`;
		case 'retrying':
			return `${address}: ${message ?? 'it is tried again'}`;
		case 'failed':
			return message ?? `${address} can't be opened.`;
	}
}

import { AppError } from '#shared/errors.ts';
import type { SourceId } from '#shared/model/source.ts';
import type { HeadlessOptions } from './headless-options.ts';
import type { RunningEngine } from './run-engine.ts';
import { openLogs } from './run-headless.ts';
import { untilAborted } from './stop-signal.ts';
import { watchEndpoints } from './watch-endpoints.ts';

/**
 * Takes what comes until `stop`, and then ends the engine: all of it is in its data folder. Answers
 * which sources came. Rejects when nothing could come, or the engine has gone.
 */
export async function gatherFeeds(
	{ engine, hangUp, close }: RunningEngine,
	options: HeadlessOptions,
	{ stop, tell }: { readonly stop: AbortSignal; readonly tell: (sentence: string) => void },
): Promise<readonly SourceId[]> {
	const failed = watchEndpoints(engine, tell);
	const gone = Promise.withResolvers<never>();
	gone.promise.catch(() => {}); // told when it is awaited
	await engine.open();
	await openLogs({ engine, options, files: options.files });
	engine.subscribe({
		engineChanged: ({ up, message = '' }) => !up && gone.reject(new AppError('closed', message)),
	});
	await Promise.race([untilAborted(stop), failed, gone.promise]);
	await hangUp();
	const { sources } = await engine.api.getState({});
	await close(true);
	return sources.filter(({ feed }) => feed !== undefined).map(({ id }) => id);
}

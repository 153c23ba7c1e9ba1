import { resolve } from 'node:path';
import type { EngineApi } from '#shared/api/engine.ts';
import { AppError } from '#shared/errors.ts';
import type { SourceConfig } from '#shared/model/source.ts';
import { movedSource, openedSource } from './opened-source.ts';
import type { Remembered } from './remembered.ts';
import type { RunningSource } from './running-source.ts';
import type { RunningSources } from './running-sources.ts';
import { checkSource } from './sources/check-source.ts';

/** Follows a source, or finds it among those followed; resolves when its newest entries are there. */
export async function openSource(
	config: SourceConfig,
	sources: RunningSources,
	remembered: Remembered,
): Promise<RunningSource> {
	const path = resolve(config.path);
	await checkSource({ ...config, path });
	const { known, isNew, change } = openedSource(remembered.data, { ...config, path });
	if (!isNew && sources.get(known.id) === undefined) {
		throw new AppError('source-unavailable', `${path} is being closed. Try again in a moment.`);
	}
	// Its file is looked at while the change is saved, once: that waits for the disk.
	const source = sources.get(known.id) ?? sources.run(known);
	remembered.change(change);
	await source.ready;
	return source;
}

/** Follows a source anew, elsewhere if a config says so; resolves when it has looked. */
export async function reopenSource(
	{ id, config }: Parameters<EngineApi['reopenSource']>[0],
	sources: RunningSources,
	remembered: Remembered,
): Promise<void> {
	if (config !== undefined) {
		const path = resolve(config.path);
		await checkSource({ ...config, path });
		remembered.change(movedSource(remembered.data, id, { ...config, path }));
	}
	const known = () => remembered.data.sources.find((source) => source.id === id);
	await (
		await sources.rerun(id, known)
	)?.ready;
}

import { resolve } from 'node:path';
import type { EngineApi } from '#shared/api/engine.ts';
import { movedSource } from './opened-source.ts';
import type { Remembered } from './remembered.ts';
import type { RunningSources } from './running-sources.ts';
import { checkSource } from './sources/check-source.ts';

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

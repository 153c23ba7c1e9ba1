import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportStatus, ExportWish } from '#shared/model/export.ts';
import type { EngineClient } from './engine-client.ts';
import { temporaryFolder } from './temp-folder-of-test.ts';
import { until } from './until.ts';

/** Saves an export and waits for its end; the file's bytes, or the status if there are none. */
export async function saveExport(
	engine: EngineClient,
	wish: ExportWish,
	path = join(temporaryFolder(), 'out'),
): Promise<{ readonly status: ExportStatus; readonly bytes: Buffer; readonly text: string }> {
	const request = v.parse(exportRequestSchema, wish);
	const { id } = await engine.control.saveExport({ request, path, overwrite: false });
	const status = await ended(engine, id);
	const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
	return { status, bytes, text: bytes.toString() };
}

/** Waits for the end of an export. */
export function ended(engine: EngineClient, id: number): Promise<ExportStatus> {
	return until(
		'the end of an export',
		async () => {
			const { exports } = await engine.state();
			const found = exports.find((each) => each.id === id);
			return found?.state === 'waiting' || found?.state === 'writing' ? undefined : found;
		},
		{ deadlineMs: 60_000, instead: () => engine.state() },
	);
}

import { lstatSync } from 'node:fs';
import { AppError, toErrorData } from '#shared/errors.ts';
import type { ExportRequest, ExportStatus } from '#shared/model/export.ts';
import type { EngineHost } from '../engine-host.ts';

/** Where an export goes, and whether what is there may go. */
export interface OutputFile {
	readonly path: string;
	readonly overwrite: boolean;
}

/** Throws `export-exists` if something has the name that may not go: before anything is read. */
export function checkOutput({ path, overwrite }: OutputFile): void {
	if (!overwrite && lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
		throw exists(path);
	}
}

/** Writes what a request asks for into a file. Rejects with a sentence; nothing is left then. */
export async function saveExport(
	engine: EngineHost,
	request: ExportRequest,
	{ path, overwrite }: OutputFile,
): Promise<void> {
	const ended = Promise.withResolvers<ExportStatus>();
	let id = -1;
	const look = (exports: readonly ExportStatus[]): void => {
		const found = exports.find((each) => each.id === id);
		if (found !== undefined && found.state !== 'waiting' && found.state !== 'writing') {
			ended.resolve(found);
		}
	};
	const unsubscribe = engine.subscribe({
		exportsChanged: look,
		engineChanged: ({ up, message = '' }) => !up && ended.reject(new AppError('closed', message)),
	});
	try {
		({ id } = await engine.exports.saveExport({ request, path, overwrite }));
		look((await engine.api.getState({})).exports);
		const { state, message } = await ended.promise;
		if (state !== 'done') {
			throw new AppError('export-failed', message ?? 'The export was cancelled.');
		}
	} catch (error) {
		throw toErrorData(error).code === 'export-exists' ? exists(path) : error;
	} finally {
		unsubscribe();
	}
}

function exists(path: string): AppError {
	return new AppError(
		'export-exists',
		`There is something called ${path} already. Choose another name, or replace it with --force.`,
	);
}

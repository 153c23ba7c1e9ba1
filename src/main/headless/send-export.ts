import type { ExportRequest } from '#shared/model/export.ts';
import type { EngineHost } from '../engine-host.ts';
import type { OutputSink } from './output.ts';

/**
 * Writes what a request asks for. Answers up to which `seq` that was; `undefined` if nobody wanted to
 * read to the end.
 */
export async function sendExport(
	engine: EngineHost,
	request: ExportRequest,
	output: Pick<OutputSink, 'write'>,
): Promise<number | undefined> {
	const { id } = await engine.exports.openExport({ request });
	let piece = await engine.exports.readExport({ id });
	while (piece.bytes !== undefined) {
		const { bytes } = piece;
		const next = engine.exports.readExport({ id });
		next.catch(() => {}); // told when it is awaited
		if (!(await output.write(bytes))) {
			return undefined;
		}
		piece = await next;
	}
	return piece.up_to;
}

import { AppError } from '#shared/errors.ts';
import type { ExportRequest, ExportStatus } from '#shared/model/export.ts';
import { DEFAULT_EXPORT_COLUMNS } from '#shared/model/export.ts';
import type { SourceId, SourceStatus } from '#shared/model/source.ts';
import type { EngineHost } from '../engine-host.ts';
import { sourceConfigOf } from '../source-of-path.ts';
import type { HeadlessOptions } from './headless-options.ts';
import type { OutputSink } from './output.ts';

/** Where a run stands, for whoever watches a terminal. */
export type OnProgress = (status: ExportStatus) => void;

/** What a run is given. */
export interface HeadlessRun {
	readonly engine: EngineHost;
	readonly options: HeadlessOptions;
	/** The files to open; stdin has become one. */
	readonly files: readonly string[];
	readonly output: OutputSink;
	/** Levels in colours. */
	readonly hasColour: boolean;
	readonly onProgress: OnProgress;
}

/**
 * Opens the logs, waits for what is asked for and writes it. Rejects with a sentence if something
 * could not be read or written; what could be is written all the same.
 */
export async function runHeadless(run: HeadlessRun): Promise<void> {
	const { engine, options, files, output } = run;
	if (options.dataFolder === undefined) {
		// What is thrown away in the end need not be copied first.
		await engine.api.updateSettings({ keep_text: false });
	}
	const opened: SourceId[] = [];
	for (const path of files) {
		opened.push((await engine.api.openSource(sourceConfigOf(path))).id);
	}
	const { sources } = await engine.api.getState({});
	const chosen = opened.length === 0 ? sources : sources.filter(({ id }) => opened.includes(id));
	const request = requestOf(run, chosen, chosen.length < sources.length);
	const unsubscribe = engine.subscribe({
		exportsChanged: ([newest]) => newest !== undefined && run.onProgress(newest),
	});
	try {
		await (options.output === undefined
			? send(engine, request, output)
			: save(engine, request, options.output, options.overwrite));
	} finally {
		unsubscribe();
	}
	const ids = new Set(chosen.map(({ id }) => id));
	const failed = (await engine.api.getState({})).sources.find(
		({ id, state }) => ids.has(id) && (state === 'failed' || state === 'missing'),
	);
	if (failed !== undefined) {
		throw new AppError('source-unavailable', failed.message ?? `${failed.path} can't be read.`);
	}
}

function requestOf(
	{ options, hasColour }: HeadlessRun,
	sources: readonly SourceStatus[],
	isPart: boolean,
): ExportRequest {
	const { query, range, format, columns, limit, first, gzip, zone } = options;
	const several = isPart && sources.length > 1 ? `(${sources.map(sourceText).join(' OR ')})` : '';
	const [only] = sources;
	return {
		filter: {
			query,
			also: [range, several].filter((text) => text !== '').join(' '),
			at: Date.now() * 1_000,
			zone: options.zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone,
			...(isPart && sources.length === 1 && only !== undefined ? { source: only.id } : {}),
		},
		order: options.order ?? (sources.length > 1 ? 'time' : 'arrival'),
		first,
		limit,
		format,
		columns: [...(columns ?? columnsOf(sources))],
		gzip,
		time_zone: zone,
		precision: options.command === 'query' ? 3 : 6,
		color: hasColour && format === 'text',
	};
}

function sourceText({ name }: SourceStatus): string {
	return `source=${JSON.stringify(name)}`;
}

/** With several sources an entry says which it is from. */
function columnsOf(sources: readonly SourceStatus[]): readonly string[] {
	const [time, level, ...rest] = DEFAULT_EXPORT_COLUMNS;
	return sources.length > 1 ? [time, level, 'source', ...rest] : DEFAULT_EXPORT_COLUMNS;
}

async function send(engine: EngineHost, request: ExportRequest, output: OutputSink): Promise<void> {
	const { id } = await engine.exports.openExport({ request });
	let isRead = true;
	let piece = await engine.exports.readExport({ id });
	while (piece.bytes !== undefined && isRead) {
		const { bytes } = piece;
		const next = engine.exports.readExport({ id });
		next.catch(() => {}); // told when it is awaited
		isRead = await output.write(bytes);
		piece = isRead ? await next : piece;
	}
	if (isRead) {
		await output.end();
	}
}

async function save(
	engine: EngineHost,
	request: ExportRequest,
	path: string,
	overwrite: boolean,
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
	} finally {
		unsubscribe();
	}
}

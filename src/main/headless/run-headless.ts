import { AppError } from '#shared/errors.ts';
import type { ExportRequest, ExportStatus } from '#shared/model/export.ts';
import type { SourceId, SourceStatus } from '#shared/model/source.ts';
import type { EngineHost } from '../engine-host.ts';
import { sourceConfigOf } from '../source-of-path.ts';
import { chooseSources, exportRequest } from './export-request.ts';
import { followEntries } from './follow-entries.ts';
import type { EntriesToFollow } from './follow-entries.ts';
import type { HeadlessOptions } from './headless-options.ts';
import type { OutputSink } from './output.ts';
import { saveExport } from './save-export.ts';
import { storageProblem } from './storage-problem.ts';
import { sendExport } from './send-export.ts';

/** What following without `--data` keeps of what it has printed. */
const KEPT_WHILE_FOLLOWING = { rows: 1_000_000, bytes: 256 * 1024 ** 2, days: 0 };

/** What a run is given. */
export interface HeadlessRun {
	readonly engine: EngineHost;
	readonly options: HeadlessOptions;
	/** The files to open; stdin has become one. */
	readonly files: readonly string[];
	/** Feeds that came before, and are asked for beside the files. */
	readonly feeds: readonly SourceId[];
	readonly output: OutputSink;
	/** Levels in colours. */
	readonly hasColour: boolean;
	/** Where a run stands, for whoever watches a terminal. */
	readonly onProgress: (status: ExportStatus) => void;
	/** What can't be read, while it goes on with the rest. */
	readonly tell: (sentence: string) => void;
}

/**
 * Opens the logs, waits for what is asked for and writes it. Rejects with a sentence if something
 * could not be read or written; what could be is written all the same.
 */
export async function runHeadless(run: HeadlessRun): Promise<void> {
	const { engine, options, output, onProgress } = run;
	const opened = await openLogs(run);
	const startedAt = Date.now();
	const unsubscribe = engine.subscribe({
		exportsChanged: ([newest]) => newest !== undefined && onProgress(newest),
	});
	try {
		const { request } = await lookAround(run, opened, startedAt);
		if (options.output === undefined) {
			const upTo = await sendExport(engine, request, output);
			if (upTo !== undefined) {
				await output.end();
			}
		} else {
			await saveExport(engine, request, { path: options.output, overwrite: options.overwrite });
		}
	} finally {
		unsubscribe();
	}
	const refused = storageProblem(await engine.api.getState({}));
	if (refused !== undefined) {
		throw new AppError('storage-failed', refused);
	}
	const failed = unreadable((await lookAround(run, opened, startedAt)).chosen)[0];
	if (failed !== undefined) {
		throw new AppError('source-unavailable', failed);
	}
}

/** Opens the logs and prints what is asked for of them, and then what comes: see `followEntries`. */
export async function runFollowing(
	run: HeadlessRun,
	ending: Pick<EntriesToFollow, 'stop' | 'onStop'>,
): Promise<void> {
	const { engine, options, output, tell } = run;
	const opened = await openLogs(run);
	const startedAt = Date.now();
	const { request } = await lookAround(run, opened, startedAt);
	const told = new Set<string>();
	const tellOnce = (sentences: readonly string[]): void => {
		for (const sentence of sentences.filter((each) => !told.has(each))) {
			told.add(sentence);
			tell(sentence);
		}
	};
	const unsubscribe = engine.subscribe({
		// One that is missing may be in the middle of a rotation.
		storagesChanged: ([active]) =>
			tellOnce(active?.condition === 'failed' && active.message ? [active.message] : []),
		sourcesChanged: (sources) =>
			tellOnce(unreadable(sources.filter(({ state }) => state === 'failed'))),
	});
	try {
		await followEntries({
			engine,
			output,
			...ending,
			// A source that comes later adds no column.
			request: async () => ({
				...(await lookAround(run, opened, startedAt)).request,
				columns: request.columns,
			}),
			onAway: (sentence) => tellOnce([sentence]),
			onCaughtUp: async () => {
				tellOnce(unreadable((await lookAround(run, opened, startedAt)).chosen));
				if (options.dataFolder === undefined) {
					await engine.api.updateSettings({ retention: KEPT_WHILE_FOLLOWING });
				}
			},
		});
	} finally {
		unsubscribe();
	}
}

/** Opens the files. What is thrown away in the end need not be copied first. */
export async function openLogs({
	engine,
	options,
	files,
}: Pick<HeadlessRun, 'engine' | 'options' | 'files'>): Promise<readonly SourceId[]> {
	if (options.dataFolder === undefined) {
		await engine.api.updateSettings({ keep_text: false });
	}
	const opened: SourceId[] = [];
	for (const path of files) {
		opened.push((await engine.api.openSource(sourceConfigOf(path))).id);
	}
	return opened;
}

/** Which sources are asked for at the moment, and what is asked of them. */
async function lookAround(
	{ engine, options, feeds, hasColour }: HeadlessRun,
	opened: readonly SourceId[],
	startedAt: number,
): Promise<{ readonly chosen: readonly SourceStatus[]; readonly request: ExportRequest }> {
	const state = await engine.api.getState({});
	const { sources } = state;
	const fed = sources.filter(({ feed }) => feed !== undefined).map(({ id }) => id);
	const isAll = options.dataFolder === undefined || opened.length === 0;
	const ids = isAll ? undefined : new Set([...opened, ...feeds, ...fed]);
	const choice = chooseSources(state, ids);
	const request = exportRequest(options, choice, { startedAt, hasColour });
	return { chosen: choice.chosen, request };
}

function unreadable(sources: readonly SourceStatus[]): readonly string[] {
	return sources
		.filter(({ state }) => state === 'failed' || state === 'missing')
		.map(({ message, path }) => message ?? `${path} can't be read.`);
}

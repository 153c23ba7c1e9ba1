import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import * as v from 'valibot';
import { controlSchemas, SERVICE } from '#shared/api/control.ts';
import type { EngineControl } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents, EngineState } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import { exportRequestSchema } from '#shared/model/export.ts';
import type { ExportStatus, ExportWish } from '#shared/model/export.ts';
import { DEFAULT_LIMIT } from '#shared/model/query.ts';
import type { Count, CountQuery, Query } from '#shared/model/query.ts';
import type { SettingsChange } from '#shared/model/settings.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import { childChannel } from '../support/child-channel.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import { until } from '../support/until.ts';

/**
 * The engine as it is delivered: reading the sources costs a Node of its own 100 ms and 30 MB.
 * `ASYNCZ_BENCH_ENGINE` names another one, to compare it.
 */
const ENTRY =
	process.env['ASYNCZ_BENCH_ENGINE'] ??
	fileURLToPath(new URL('../../out/main/engine.js', import.meta.url));
const DEADLINE_MS = 20 * 60_000;

/** A question with what has a default left out. */
export type Question = Partial<Query>;

/** A real engine process on a data folder of its own, spoken to as a host does. */
export class BenchEngine {
	readonly api: Client<EngineApi>;
	readonly #child: ChildProcess;
	readonly #control: Client<EngineControl>;
	readonly #dataFolder: string;
	#problems: string[] = [];

	private constructor(parent: string) {
		if (!existsSync(ENTRY)) {
			throw new Error(`There is no engine ${ENTRY}: run \`npm run build\` first.`);
		}
		this.#dataFolder = mkdtempSync(join(parent, 'data-'));
		const child = fork(ENTRY, { serialization: 'advanced', execArgv: [] });
		this.#child = child;
		const channel = childChannel(child);
		this.#control = openRpc<EngineControl, object>(subChannel(channel, SERVICE.control), {
			serve: {},
			local: {},
			call: controlSchemas,
		});
		this.api = openRpc<EngineApi, EngineEvents>(subChannel(channel, SERVICE.engine), {
			serve: engineEventSchemas,
			local: {
				storageChanged: () => {},
				sourcesChanged: () => {},
				settingsChanged: () => {},
				endpointsChanged: () => {},
				storagesChanged: () => {},
				exportsChanged: () => {},
				problemsChanged: (problems) => {
					this.#problems = problems.map(({ message }) => message);
				},
			},
			call: engineSchemas,
		});
	}

	/** Starts an engine on a new data folder in `parent`, with one query answered. */
	static async start(parent: string, settings: SettingsChange = {}): Promise<BenchEngine> {
		const engine = new BenchEngine(parent);
		await engine.#control.open({ data_folder: engine.#dataFolder });
		await engine.api.updateSettings(settings);
		await engine.rows({ limit: 1 });
		return engine;
	}

	get pid(): number {
		return this.#child.pid ?? -1;
	}

	/** What it told its user, if anything. */
	get problems(): readonly string[] {
		return this.#problems;
	}

	state(): Promise<EngineState> {
		return this.api.getState({});
	}

	/** Rows asked for as a client does, again until the answer is complete. */
	async rows(question: Question): Promise<readonly EntryRow[]> {
		for (;;) {
			const page = await this.api.query({ limit: DEFAULT_LIMIT, offset: 0, ...question });
			if (page.complete) {
				return page.rows;
			}
		}
	}

	/** A count asked for as a client does, again until it is complete. */
	async count(question: CountQuery): Promise<Count> {
		for (;;) {
			const count = await this.api.count(question);
			if (count.complete) {
				return count;
			}
		}
	}

	/** Saves an export; resolves with how it ended. */
	async save(wish: ExportWish, path: string): Promise<ExportStatus> {
		const request = v.parse(exportRequestSchema, wish);
		const { id } = await this.#control.saveExport({ request, path, overwrite: true });
		return until(
			'the end of an export',
			async () => {
				const { exports } = await this.state();
				const found = exports.find((each) => each.id === id);
				return found?.state === 'waiting' || found?.state === 'writing' ? undefined : found;
			},
			{ deadlineMs: DEADLINE_MS, instead: () => this.state() },
		);
	}

	/** Waits until all sources are read to their ends and so many entries were ever stored. */
	async untilRead(appended: number): Promise<EngineState> {
		return until(
			`${appended} entries read`,
			async () => {
				const state = await this.state();
				const isRead = state.sources.every(
					({ state: is, ledger }) => is === 'following' && ledger.unread_bytes === 0,
				);
				return isRead && state.storage.appended >= appended && state;
			},
			{ deadlineMs: DEADLINE_MS, instead: () => this.state() },
		);
	}

	/** Waits until the database on disk has so many rows. */
	async untilPersisted(rows: number): Promise<void> {
		await this.#untilInDatabase(
			`${rows} rows on disk`,
			`SELECT coalesce(sum(json_extract(meta, '$.rows')), 0) FROM segment`,
			(found) => found >= rows,
		);
	}

	/** Waits until the text of every segment is in the database. */
	async untilTextKept(): Promise<void> {
		await this.#untilInDatabase(
			'all text on disk',
			`SELECT count(*) FROM segment WHERE NOT json_extract(meta, '$.isTextKept')`,
			(found) => found === 0,
		);
	}

	/** Megabytes of the database, with what is still in its log of changes. */
	databaseMegabytes(): number {
		const bytes = ['logs.db', 'logs.db-wal'].map(
			(name) => statSync(join(this.#dataFolder, name), { throwIfNoEntry: false })?.size ?? 0,
		);
		return bytes.reduce((sum, size) => sum + size, 0) / 1e6;
	}

	/** Closes it in order; returns the megabytes of the database by then. Its folder is kept. */
	async close(): Promise<number> {
		await this.#control.close({});
		const size = this.databaseMegabytes();
		const exit = once(this.#child, 'exit');
		this.#child.disconnect();
		await exit;
		return size;
	}

	/** Ends it, in whatever state, and removes its data folder. */
	async remove(): Promise<void> {
		if (this.#child.exitCode === null && this.#child.signalCode === null) {
			const exit = once(this.#child, 'exit');
			this.#child.kill('SIGKILL');
			await exit;
		}
		rmSync(this.#dataFolder, { recursive: true, force: true });
	}

	async #untilInDatabase(
		what: string,
		sql: string,
		isEnough: (value: number) => boolean,
	): Promise<void> {
		const db = new Database(join(this.#dataFolder, 'logs.db'), { readonly: true });
		try {
			const statement = db.prepare(sql).pluck();
			await until(what, () => isEnough(statement.get() as number), {
				deadlineMs: DEADLINE_MS,
				instead: () => statement.get(),
			});
		} finally {
			db.close();
		}
	}
}

/** Does something with an engine on a new data folder, and removes both, whatever happens. */
export async function withEngine<T>(
	parent: string,
	work: (engine: BenchEngine) => Promise<T>,
	settings?: SettingsChange,
): Promise<T> {
	const engine = await BenchEngine.start(parent, settings);
	try {
		return await work(engine);
	} finally {
		await engine.remove();
	}
}

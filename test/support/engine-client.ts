import { fork } from 'node:child_process';
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { controlSchemas, SERVICE } from '#shared/api/control.ts';
import type { EngineControl } from '#shared/api/control.ts';
import { engineEventSchemas, engineSchemas } from '#shared/api/engine.ts';
import type { EngineApi, EngineEvents, EngineState, Problem } from '#shared/api/engine.ts';
import type { EntryRow } from '#shared/model/entry.ts';
import type { Query } from '#shared/model/query.ts';
import type { Ledger, SourceStatus } from '#shared/model/source.ts';
import { subChannel } from '#shared/rpc/channel.ts';
import { openRpc } from '#shared/rpc/rpc.ts';
import { BUILT } from './built.ts';
import { childChannel } from './child-channel.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import { until } from './until.ts';

/** A real engine process, spoken to as a host does. It is killed after its test. */
export class EngineClient {
	readonly child: ChildProcess;
	readonly control: Client<EngineControl>;
	readonly api: Client<EngineApi>;
	/** Events in the order they came: the name, and what it carried. */
	readonly events: { readonly name: keyof EngineEvents; readonly value: unknown }[] = [];
	/** What it wrote to stderr: nothing, unless something is wrong. */
	stderr = '';
	readonly #exited: Promise<void>;

	constructor(options: ForkOptions = {}) {
		const child = fork(BUILT.engine, {
			serialization: 'advanced',
			silent: true,
			execArgv: [],
			...options,
		});
		this.child = child;
		child.stderr?.on('data', (text: Buffer) => {
			this.stderr += text.toString();
		});
		this.#exited = new Promise((resolve) => child.once('exit', () => resolve()));
		const channel = childChannel(child);
		this.control = openRpc<EngineControl, object>(subChannel(channel, SERVICE.control), {
			serve: {},
			local: {},
			call: controlSchemas,
		});
		this.api = openRpc<EngineApi, EngineEvents>(subChannel(channel, SERVICE.engine), {
			serve: engineEventSchemas,
			local: {
				storageChanged: (value) => this.events.push({ name: 'storageChanged', value }),
				sourcesChanged: (value) => this.events.push({ name: 'sourcesChanged', value }),
				settingsChanged: (value) => this.events.push({ name: 'settingsChanged', value }),
				problemsChanged: (value) => this.events.push({ name: 'problemsChanged', value }),
				endpointsChanged: (value) => this.events.push({ name: 'endpointsChanged', value }),
				storagesChanged: (value) => this.events.push({ name: 'storagesChanged', value }),
				exportsChanged: (value) => this.events.push({ name: 'exportsChanged', value }),
			},
			call: engineSchemas,
		});
		onTestFinished(() => this.kill());
	}

	/** Starts an engine and lets it take a data folder. */
	static async open(folder: string, options?: ForkOptions): Promise<EngineClient> {
		const engine = new EngineClient(options);
		await engine.control.open({ data_folder: folder });
		return engine;
	}

	openFile(path: string): Promise<SourceStatus> {
		return this.api.openSource({ type: 'file', path });
	}

	state(): Promise<EngineState> {
		return this.api.getState({});
	}

	/** All rows that match, newest first, asked for as a view does: page by page, until complete. */
	async rows(query: Partial<Query> = {}): Promise<EntryRow[]> {
		const rows: EntryRow[] = [];
		for (;;) {
			const page = await this.api.query({ ...query, limit: 1_000, offset: rows.length });
			if (page.complete) {
				rows.push(...page.rows);
				if (page.rows.length < 1_000) {
					return rows;
				}
			}
		}
	}

	async messages(query: Partial<Query> = {}): Promise<string[]> {
		return (await this.rows(query)).map(({ message }) => message);
	}

	/** Waits until so many entries are stored. */
	async untilStored(size: number): Promise<void> {
		await until(`${size} stored`, async () => (await this.state()).storage.size >= size, {
			deadlineMs: 30_000,
			instead: () => this.state(),
		});
	}

	/** Waits until a source, by default the first one, is in a state. */
	async untilSource(state: SourceStatus['state'], id?: number): Promise<SourceStatus> {
		return until(
			`a source that is ${state}`,
			async () => {
				const { sources } = await this.state();
				return sources.find((source) => source.state === state && (id ?? source.id) === source.id);
			},
			{ deadlineMs: 30_000, instead: () => this.state() },
		);
	}

	/** Waits until all sources are read to their ends. Their accounts must add up then. */
	async untilRead(): Promise<void> {
		const sources = await until(
			'all to be read',
			async () => {
				const state = await this.state();
				const isRead = state.sources.every(
					({ state: one, ledger }) =>
						one === 'following' && ledger.unread_bytes === 0 && ledger.held_bytes === 0,
				);
				return isRead ? state.sources : undefined;
			},
			{ deadlineMs: 60_000, instead: () => this.state() },
		);
		for (const { ledger } of sources) {
			expectToAddUp(ledger);
		}
	}

	async untilProblem(part: string): Promise<Problem> {
		return until(
			`a problem with "${part}"`,
			async () => (await this.state()).problems.find(({ message }) => message.includes(part)),
			{ deadlineMs: 30_000, instead: () => this.state() },
		);
	}

	/** Closes it in order, and waits for its end. */
	async close(): Promise<void> {
		await this.control.close({});
		this.child.disconnect();
		await this.#exited;
	}

	/** Ends it at once, wherever it is. */
	async kill(): Promise<void> {
		this.child.kill('SIGKILL');
		await this.#exited;
	}

	exited(): Promise<void> {
		return this.#exited;
	}
}

/** Both equations of an account hold: no byte and no line is unaccounted for. */
export function expectToAddUp(ledger: Ledger): void {
	const { size_bytes, read_bytes, held_bytes, unread_bytes } = ledger;
	const { lines, extra_entries, entries, quarantined, joined_lines } = ledger;
	expect({ ...ledger, size_bytes, lines: lines + extra_entries }).toEqual({
		...ledger,
		size_bytes: read_bytes + held_bytes + unread_bytes,
		lines: entries + quarantined + joined_lines,
	});
}

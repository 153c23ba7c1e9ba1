import type { EngineState } from '#shared/api/engine.ts';
import type { HostEvents } from '#shared/api/host.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import { parseSettings } from '#shared/model/settings.ts';
import type { Settings, SettingsChange } from '#shared/model/settings.ts';
import { MAX_QUERY_LENGTH } from '#shared/query/parse-query.ts';
import type { SourceStatus } from '#shared/model/source.ts';
import type { Channel } from '#shared/rpc/channel.ts';
import { connectHost } from '../connection/connect-host.ts';
import type { Connection, HostAddress } from '../connection/connect-host.ts';
import { currentServices, openServices } from '../connection/open-services.ts';
import type { Services } from '../connection/open-services.ts';
import type { Clock } from '../lib/clock.ts';
import { Context } from './table/context.svelte.ts';
import { CellFocus } from './table/cell-focus.svelte.ts';
import { engineEvents } from './engine-events.ts';
import { Details } from './details.svelte.ts';
import { WindowExports } from './export/window-exports.svelte.ts';
import { Facets } from './shape/facets.svelte.ts';
import { HistogramPick } from './shape/histogram-pick.svelte.ts';
import { INITIAL_STATE } from './initial-state.ts';
import { Layout } from './layout.svelte.ts';
import { LogView } from './result/log-view.svelte.ts';
import { newerState } from './newer-state.ts';
import { Notices } from './notices.svelte.ts';
import { OpenFiles } from './sources/open-files.svelte.ts';
import { Keys } from './keys.svelte.ts';
import { querySettingsOf } from './query/query-settings.ts';
import { QueryState } from './query/query-state.svelte.ts';
import { ResultShape } from './shape/result-shape.svelte.ts';
import { RowCursor } from './table/row-cursor.svelte.ts';
import { RowTools } from './table/row-tools.ts';
import { RowSelection } from './table/row-selection.svelte.ts';
import { SettingsUnderWay } from './settings-under-way.ts';
import { SimpleFields } from './query/simple-fields.svelte.ts';
import { withQuery } from './query/query-history.ts';
import { forgetClosed } from './query/source-query.ts';
import { TableColumns } from './table/table-columns.svelte.ts';
import { TimeOrigin } from './table/time-origin.svelte.ts';
import { ViewHistory } from './query/view-history.svelte.ts';
import { VIEW_SETTINGS, viewStateOf } from './query/view-state.ts';
import type { ViewState } from './query/view-state.ts';

const TOO_LONG = `A query can have ${MAX_QUERY_LENGTH.toLocaleString('en')} characters at most.`;

/** All that one window shows, and its line to the engine and the host. */
export class Workspace {
	connection: Connection = $state('connecting');
	/** Why the engine does not answer, where it said so. */
	trouble: string | undefined = $state();
	/** Sources, settings and problems, as the engine last told them. */
	engine: EngineState = $state.raw(INITIAL_STATE);
	readonly view: LogView;
	readonly cursor: RowCursor;
	/** Which entries are asked for. */
	readonly query: QueryState;
	readonly fields: SimpleFields;
	/** Steps of the view, to go back and forth. */
	readonly history: ViewHistory<ViewState>;
	/** Stands between the query and the view: an entry among its neighbours. */
	readonly context: Context;
	readonly tools: RowTools;
	/** Histogram and facets of what is shown. */
	readonly shape: ResultShape;
	readonly facets: Facets;
	readonly pick: HistogramPick;
	readonly selection: RowSelection;
	readonly cell: CellFocus;
	readonly details: Details;
	readonly notices: Notices;
	readonly files: OpenFiles;
	/** What was exported from this window. */
	readonly exports: WindowExports;
	readonly layout: Layout;
	readonly columns: TableColumns;
	/** Which key does what. */
	readonly keys: Keys;
	readonly origin = new TimeOrigin();
	readonly services: Services;
	readonly settingsUnderWay = new SettingsUnderWay((settings) => {
		this.#settingsAre(settings);
		this.history.rebase();
	});
	#current: Services | undefined;
	/** What the user changed before the engine was heard of; `undefined` afterwards. */
	#early: SettingsChange | undefined = {};

	constructor(clock: Clock, memory: Pick<Storage, 'getItem' | 'setItem'>, windowWidth: number) {
		this.services = currentServices(() => this.#current);
		this.notices = new Notices(clock);
		this.view = new LogView(this.services.engine, clock);
		this.cursor = new RowCursor(this.view);
		this.context = new Context(this.view, this.cursor);
		this.query = new QueryState(this.context, clock, memory, () => querySettingsOf(this));
		this.fields = new SimpleFields(this.query);
		this.history = new ViewHistory(viewStateOf(this), clock);
		this.shape = new ResultShape(this.services.engine, clock);
		this.facets = new Facets(memory);
		this.pick = new HistogramPick(this.query);
		this.query.onChange = (kind) => {
			// What is chosen must be among what is shown.
			this.selection.clear();
			this.history.changed(kind);
		};
		this.query.onTooLong = () => this.notices.remark(TOO_LONG);
		this.selection = new RowSelection(this.view, this.cursor);
		this.details = new Details(this.services.engine);
		this.files = new OpenFiles(this.services, this.notices);
		this.exports = new WindowExports(this.services, this.notices);
		this.layout = new Layout(windowWidth);
		this.keys = new Keys(this);
		this.tools = new RowTools(this, clock);
		this.columns = new TableColumns(this);
		this.cell = new CellFocus(this);
		this.cursor.onRow = (row) => this.details.show(row.seq);
		this.view.keptRank = () => (this.details.isOpen ? this.cursor.rank : undefined);
	}

	/** Connects to the host, again and again. Returns how to stop that. */
	connect(address: HostAddress, clock: Clock): () => void {
		const listener = {
			opened: (channel: Channel) => this.#opened(channel),
			lost: (reason: string | undefined) =>
				this.#lost(reason === undefined ? undefined : new Error(reason)),
			refused: () => this.#refused(),
		};
		return connectHost(address, listener, clock);
	}

	get settings(): Settings {
		return this.engine.settings;
	}

	source(id: number): SourceStatus | undefined {
		return this.engine.sources.find((source) => source.id === id);
	}

	/** Shows only entries of this task. */
	showTask(taskId: string): void {
		this.fields.setTask(taskId);
	}

	/** Clears the filter and goes back to the live edge. */
	reset(): void {
		this.context.close();
		this.query.reset();
		this.view.follow();
	}

	/** Puts the query in front of those asked before. */
	rememberQuery(): void {
		const history = withQuery(this.settings.history, this.query.text.trim());
		if (history !== this.settings.history) {
			this.changeSettings({ history });
		}
	}

	changeSettings(change: SettingsChange): void {
		const settings = parseSettings({ ...this.engine.settings, ...change });
		this.#settingsAre(settings);
		if (VIEW_SETTINGS.some((name) => name in change)) {
			this.history.changed('step');
		}
		if (this.#early === undefined) {
			this.#try(this.settingsUnderWay.send(() => this.services.engine.updateSettings(change)));
		} else {
			this.#early = { ...this.#early, ...change };
		}
	}

	/** Stops following a source and removes its entries; its panel has nothing to show then. */
	closeSource(id: number): void {
		this.#try(this.services.engine.closeSource({ id }));
	}

	dismissProblem(id: number): void {
		this.#try(this.services.engine.dismissProblem({ id }));
	}

	#settingsAre(settings: Settings): void {
		this.engine = { ...this.engine, settings };
		this.query.settingsChanged();
	}

	#try(promise: Promise<unknown>): void {
		promise.catch((error: unknown) => this.notices.error(error));
	}

	#opened(channel: Channel): void {
		const askAgain = (): void => void (this.#current && this.#ask(this.#current));
		const events = engineEvents(this, askAgain);
		const services = openServices(channel, events, this.#hostEvents(askAgain));
		this.#current = services;
		void this.#ask(services);
	}

	/** Asks for everything there is beside the rows; then the view asks for those. */
	async #ask(services: Services): Promise<void> {
		try {
			this.files.info = await services.host.getInfo({});
			const asked = this.engine;
			const answer = await services.engine.getState({});
			if (services !== this.#current) {
				return;
			}
			const { sources } = this.engine;
			const state = newerState(asked, this.engine, answer);
			this.engine = state;
			this.exports.reconnected(state.exports);
			this.#takeSettings();
			this.connection = 'ready';
			this.trouble = undefined;
			forgetClosed(this, sources);
			this.view.connected(state.storage);
			this.query.settingsChanged();
			this.history.rebase();
			this.tools.marks.storageChanged(state.storage);
		} catch (error) {
			this.#lost(error instanceof AppError && error.code === 'closed' ? undefined : error);
		}
	}

	/** The first settings are where the view begins, but for what the user has chosen already. */
	#takeSettings(): void {
		const early = this.#early;
		if (early === undefined) {
			return;
		}
		this.#early = undefined;
		if (Object.keys(early).length > 0) {
			this.changeSettings(early);
		}
		this.view.setLimit(this.settings.limit);
		if (!this.view.paused) {
			this.view.setRefresh(this.settings.refresh);
		}
		// What was there before are not the user's settings.
		this.history.begin();
	}

	/** The token is not the host's (any more): rows that are here stay on screen. */
	#refused(): void {
		if (this.connection === 'connecting') {
			this.connection = 'refused';
		} else {
			this.#lost(
				new Error('The app was started anew: open the address that it printed in the terminal.'),
			);
		}
	}

	#lost(error: unknown): void {
		this.connection = this.connection === 'connecting' ? 'connecting' : 'lost';
		this.trouble = error === undefined ? this.trouble : messageOf(error);
		this.view.disconnected();
	}

	#hostEvents(askAgain: () => void): HostEvents {
		return {
			notify: ({ message }) => this.notices.error(new Error(message)),
			engineChanged: ({ up, message }) => {
				if (!up) {
					this.connection = 'lost';
					this.trouble = message;
					this.view.disconnected();
				} else {
					askAgain();
				}
			},
		};
	}
}

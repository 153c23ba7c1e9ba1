import type { Filter } from '#shared/model/query.ts';
import type { QuerySettings } from '../../../../src/renderer/state/query/asked-filter.svelte.ts';
import { QueryState } from '../../../../src/renderer/state/query/query-state.svelte.ts';
import { SimpleFields } from '../../../../src/renderer/state/query/simple-fields.svelte.ts';
import { ManualClock } from './manual-clock.ts';

/** The query of a window without its view: what is asked for is noted. */
export class QueryInTest {
	readonly clock = new ManualClock();
	readonly asked: Filter[] = [];
	readonly renewed: Filter[] = [];
	readonly memory = new Map<string, string>();
	paused = false;
	zone = 'UTC';
	marked: readonly number[] = [];
	notes: QuerySettings['notes'] = [];
	seenTo: QuerySettings['seenTo'] = undefined;
	query = this.#start();
	fields = new SimpleFields(this.query);

	/** As when the page is loaded again. */
	reload(): void {
		this.query = this.#start();
		this.fields = new SimpleFields(this.query);
	}

	/** Now, in microseconds. */
	get now(): number {
		return this.clock.now() * 1_000;
	}

	#start(): QueryState {
		const view = {
			isPaused: () => this.paused,
			get paused() {
				return this.isPaused();
			},
			setFilter: (filter: Filter) => void this.asked.push(filter),
			renewFilter: (filter: Filter) => void this.renewed.push(filter),
		};
		const memory = {
			getItem: (key: string) => this.memory.get(key) ?? null,
			setItem: (key: string, value: string) => void this.memory.set(key, value),
		};
		return new QueryState(view, this.clock, memory, () => ({
			zone: this.zone,
			marked: this.marked,
			notes: this.notes,
			seenTo: this.seenTo,
		}));
	}
}

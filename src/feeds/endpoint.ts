import type { EndpointStatus } from '#shared/model/feed.ts';
import type { FeedRegistry } from './feed/feed-registry.ts';
import type { MemoryBudget } from './feed/memory-budget.ts';

/** An address that feeds come from, either way. */
export interface FeedEndpoint {
	readonly status: EndpointStatus;
	/** Begins; what can't be done is said by the status and tried again. */
	open(): Promise<void>;
	/** Ends, with all its connections. `isLeaving`: the whole receiver ends. */
	close(isLeaving: boolean): Promise<void>;
}

/** What every address has to be given. */
export interface EndpointOptions {
	readonly registry: FeedRegistry;
	readonly budget: MemoryBudget;
	/** The status may be another one. */
	readonly onChange: () => void;
}

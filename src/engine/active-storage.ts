import type { StorageStatus } from '#shared/api/engine.ts';
import type { LogEntry } from '#shared/model/entry.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Filter,
	Order,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';

/** A query without the bounds of the wire: `limit` and `offset` are any whole numbers. */
export interface PageQuery extends Filter {
	readonly limit?: number;
	readonly offset?: number;
	readonly order?: Order | undefined;
	readonly fields?: readonly string[] | undefined;
}

/**
 * Where entries are kept, as queries see it. Every storage answers the same queries with the same
 * entries, newest first; `matchFilter` defines which ones.
 */
export interface ActiveStorage {
	/** At most `limit` (200) entries after the newest `offset` (0). */
	query(query: PageQuery): Promise<Page>;
	count(query: CountQuery): Promise<Count>;
	shape(query: ShapeQuery): Promise<Shape>;
	places(query: PlacesQuery): Promise<Places>;
	getFields(): Promise<FieldList>;
	getValues(query: ValuesQuery): Promise<ValueList>;
	get(seq: number): Promise<LogEntry | undefined>;
	stats(): StorageStatus;
	close(): Promise<void>;
}

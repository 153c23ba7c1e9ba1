import type { LogEntry } from '#shared/model/entry.ts';
import type {
	Count,
	CountQuery,
	FieldList,
	Page,
	Places,
	PlacesQuery,
	Shape,
	ShapeQuery,
	ValueList,
	ValuesQuery,
} from '#shared/model/query.ts';
import type { Client } from '#shared/rpc/rpc.ts';
import type { ActiveStorage, PageQuery } from '../active-storage.ts';
import type { BatchQuery, EntryBatch } from './query/export/entry-batch.ts';
import type { QueryApi } from './query/query-api.ts';

/** What the query thread answers, as the engine asks it. */
export abstract class ThreadAnswers implements Omit<ActiveStorage, 'stats' | 'close'> {
	readonly #api: () => Client<QueryApi>;

	constructor(api: () => Client<QueryApi>) {
		this.#api = api;
	}

	query(query: PageQuery): Promise<Page> {
		return this.#api().query(query);
	}

	count(query: CountQuery): Promise<Count> {
		return this.#api().count(query);
	}

	shape(query: ShapeQuery): Promise<Shape> {
		return this.#api().shape(query);
	}

	places(query: PlacesQuery): Promise<Places> {
		return this.#api().places(query);
	}

	getFields(): Promise<FieldList> {
		return this.#api().getFields({});
	}

	getValues(query: ValuesQuery): Promise<ValueList> {
		return this.#api().getValues(query);
	}

	get(seq: number): Promise<LogEntry | undefined> {
		return this.#api().get({ seq });
	}

	/** What writes entries out, where they are. */
	get exports(): Pick<Client<QueryApi>, 'openExport' | 'readExport' | 'closeExport'> {
		return this.#api();
	}

	/** The next entries for a storage that is fed from here, see `readBatch`. */
	readBatch(query: BatchQuery): Promise<EntryBatch> {
		return this.#api().readBatch(query);
	}
}

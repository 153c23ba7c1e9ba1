import type { QueryEntry } from '#shared/query/entry-fields.ts';
import { levelOfText } from '../../segment/dictionary.ts';
import type { Dictionary } from '../../segment/dictionary.ts';
import { IdTable } from './id-table.ts';
import type { IdColumn, Plan } from './plan.ts';
import { RecentKeys } from './recent-keys.ts';

type Level = Pick<QueryEntry, 'level' | 'severity'>;

/**
 * Tables of the ids that a test is true of. They are kept, because a table of all tasks takes
 * longer to make than to use, and one clause stands in many queries.
 */
export class ColumnTables {
	readonly #dictionary: Dictionary;
	readonly #kept = new RecentKeys<{ table?: IdTable }>(() => ({}));

	constructor(dictionary: Dictionary) {
		this.#dictionary = dictionary;
	}

	/** Rows whose level matches. `key` says which test it is, with all that it depends on. */
	levels(key: string, matches: (level: Level) => boolean): Plan {
		return this.#table('level', key, (text) => matches(levelOfText(text)));
	}

	/** Rows whose logger or task matches, which is empty for none. */
	texts(column: 'logger' | 'task', key: string, matches: (text: string) => boolean): Plan {
		return this.#table(column, key, matches);
	}

	/** Rows with just this logger or task. */
	one(column: 'logger' | 'task', text: string): Plan {
		return { kind: 'id', column, id: () => this.#dictionary.find(column, text) ?? -1 };
	}

	#table(column: IdColumn, key: string, matches: (text: string) => boolean): Plan {
		const kept = this.#kept.use(`${column} ${key}`);
		kept.table ??= new IdTable(
			(id) => matches(this.#dictionary.text(column, id)),
			() => this.#dictionary.count(column),
		);
		return { kind: 'ids', column, table: kept.table };
	}
}

import * as v from 'valibot';
import { timeRangeSchema } from '#shared/model/view.ts';

const KEY = 'asyncz-companion.query';

const momentSchema = v.object({ seq: v.number(), at: v.number() });

const savedSchema = v.object({
	text: v.pipe(v.string(), v.maxLength(10_000)),
	range: timeRangeSchema,
	/** The clauses that were set by clicking. */
	clicked: v.array(v.string()),
	/** Only what came since is asked for. */
	after: v.exactOptional(momentSchema),
	/** What is new came after this. */
	seenTo: v.exactOptional(momentSchema),
});

export type SavedQuery = Readonly<v.InferOutput<typeof savedSchema>>;

/** Keeps the query of a window over a reload of its page. */
export class QueryMemory {
	readonly #memory: Pick<Storage, 'getItem' | 'setItem'>;

	constructor(memory: Pick<Storage, 'getItem' | 'setItem'>) {
		this.#memory = memory;
	}

	save(query: SavedQuery): void {
		this.#memory.setItem(KEY, JSON.stringify(query));
	}

	/** What was saved last; `undefined` where nothing was that can be used. */
	restore(): SavedQuery | undefined {
		const saved = v.safeParse(
			v.pipe(v.string(), v.parseJson(), savedSchema),
			this.#memory.getItem(KEY),
		);
		return saved.success ? saved.output : undefined;
	}
}

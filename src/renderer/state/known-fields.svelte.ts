import type { EngineApi } from '#shared/api/engine.ts';
import { messageOf } from '#shared/errors.ts';
import type { FieldInfo } from '#shared/model/query.ts';

/** The fields that stored entries have, as they were last asked for. */
export class KnownFields {
	list: readonly FieldInfo[] = $state.raw([]);
	/** How many of the newest entries were looked at; `undefined` before the first answer. */
	rows: number | undefined = $state();
	problem: string | undefined = $state();
	readonly #api: Pick<EngineApi, 'getFields'>;

	constructor(api: Pick<EngineApi, 'getFields'>) {
		this.#api = api;
	}

	/** Asks for them anew; what is known stays until the answer is here. */
	async load(): Promise<void> {
		try {
			const { fields, rows } = await this.#api.getFields({});
			this.list = fields;
			this.rows = rows;
			this.problem = undefined;
		} catch (error) {
			this.problem = messageOf(error);
		}
	}
}

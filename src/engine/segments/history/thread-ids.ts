import type { Columns } from '../segment/columns.ts';
import { DICTIONARY_KINDS } from '../segment/dictionary.ts';
import type { Dictionary, DictionaryKind } from '../segment/dictionary.ts';
import type { ThreadTexts } from './scan-api.ts';

/** The ids that a scan thread gives to texts, as ids of the engine's dictionary. */
export class ThreadIds {
	readonly #dictionary: Dictionary;
	readonly #ids: Readonly<Record<DictionaryKind, number[]>> = {
		level: [0],
		logger: [0],
		task: [0],
	};

	constructor(dictionary: Dictionary) {
		this.#dictionary = dictionary;
	}

	/** Takes over the texts that came with a result. */
	learn({ texts, known }: ThreadTexts): void {
		for (const kind of DICTIONARY_KINDS) {
			for (const [index, text] of texts[kind].entries()) {
				this.#ids[kind][known[kind] + index + 1] = this.#dictionary.idOf(kind, text);
			}
		}
	}

	/** Writes the engine's ids over the thread's; with `only`, in the rows marked there. */
	translate(columns: Columns, rows: number, only?: Uint8Array): void {
		for (const kind of DICTIONARY_KINDS) {
			const ids = this.#ids[kind];
			const column = columns[kind];
			for (let row = 0; row < rows; row++) {
				if (only === undefined || only[row] === 1) {
					column[row] = ids[column[row] ?? 0] ?? 0;
				}
			}
		}
	}
}

/** The columns whose texts are stored once and named by number. */
export const DICTIONARY_KINDS = ['level', 'logger', 'task'] as const;
export type DictionaryKind = (typeof DICTIONARY_KINDS)[number];

/** The texts of each kind that ids were given to; `texts[0]` belongs to id 1. */
export type DictionaryTexts = Readonly<Record<DictionaryKind, readonly string[]>>;

/** How many ids of each kind were given out. */
export type DictionaryCounts = Readonly<Record<DictionaryKind, number>>;

/** No more levels are told apart: the column has 16 bits. What comes after is the last one. */
export const MAX_LEVELS = 0xfffe;

/**
 * Texts by number, for each kind on its own. Ids begin at 1 and are never given out twice; 0 stands
 * for the empty text. A level's text is its name and its severity (see `levelText`).
 */
export class Dictionary {
	readonly #ids: Readonly<Record<DictionaryKind, Map<string, number>>>;
	readonly #texts: Readonly<Record<DictionaryKind, string[]>>;

	constructor(texts?: DictionaryTexts) {
		this.#texts = {
			level: [...(texts?.level ?? [])],
			logger: [...(texts?.logger ?? [])],
			task: [...(texts?.task ?? [])],
		};
		const idsOf = (kind: DictionaryKind) =>
			new Map(this.#texts[kind].map((text, index) => [text, index + 1]));
		this.#ids = { level: idsOf('level'), logger: idsOf('logger'), task: idsOf('task') };
	}

	/** The id of a text, a new one if it has none yet. */
	idOf(kind: DictionaryKind, text: string): number {
		if (text === '') {
			return 0;
		}
		const known = this.#ids[kind].get(text);
		if (known !== undefined) {
			return known;
		}
		const texts = this.#texts[kind];
		if (kind === 'level' && texts.length >= MAX_LEVELS) {
			return texts.length;
		}
		texts.push(text);
		this.#ids[kind].set(text, texts.length);
		return texts.length;
	}

	/** The id a text has; `undefined` if it has none. */
	find(kind: DictionaryKind, text: string): number | undefined {
		return text === '' ? 0 : this.#ids[kind].get(text);
	}

	text(kind: DictionaryKind, id: number): string {
		return this.#texts[kind][id - 1] ?? '';
	}

	count(kind: DictionaryKind): number {
		return this.#texts[kind].length;
	}

	/** The texts that ids after `known` were given to. */
	since(known: DictionaryCounts): DictionaryTexts {
		return {
			level: this.#texts.level.slice(known.level),
			logger: this.#texts.logger.slice(known.logger),
			task: this.#texts.task.slice(known.task),
		};
	}

	counts(): DictionaryCounts {
		return {
			level: this.count('level'),
			logger: this.count('logger'),
			task: this.count('task'),
		};
	}

	/** Takes over texts that another dictionary gave ids to, after those it had `known`. */
	add(texts: DictionaryTexts, known: DictionaryCounts): void {
		for (const kind of DICTIONARY_KINDS) {
			for (const [index, text] of texts[kind].entries()) {
				if (known[kind] + index === this.count(kind)) {
					this.#texts[kind].push(text);
					this.#ids[kind].set(text, this.count(kind));
				}
			}
		}
	}
}

/** A level with its order, as one text: two loggers may give one name different orders. */
export function levelText(level: string, severity: number): string {
	return `${level}\n${severity}`;
}

export function levelOfText(text: string): { readonly level: string; readonly severity: number } {
	// The last one: a level may be named by two lines.
	const at = text.lastIndexOf('\n');
	return at === -1
		? { level: text, severity: 20 }
		: { level: text.slice(0, at), severity: Number(text.slice(at + 1)) };
}

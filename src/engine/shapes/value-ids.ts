/** So many values of a field are told apart. */
const MAX_VALUES = 10_000;

/** Nobody picks a longer one out of a list. */
const MAX_LENGTH = 1_000;

/** Values of a field by number, so that they are kept once. */
export class ValueIds {
	/** The number of all that are not told apart. */
	static readonly OTHERS = 0;
	readonly #ids = new Map<string, number>();
	readonly #texts: string[] = [];

	idOf(text: string): number {
		const known = this.#ids.get(text);
		if (known !== undefined) {
			return known;
		}
		if (this.#texts.length >= MAX_VALUES || text.length > MAX_LENGTH) {
			return ValueIds.OTHERS;
		}
		this.#texts.push(text);
		this.#ids.set(text, this.#texts.length);
		return this.#texts.length;
	}

	text(id: number): string {
		return this.#texts[id - 1] ?? '';
	}
}

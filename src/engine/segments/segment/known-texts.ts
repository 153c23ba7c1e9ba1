import { severityOf } from '#shared/model/level.ts';
import type { LineScanner, TextKind } from '../../scan/scanner.ts';
import { levelText } from './dictionary.ts';
import type { Dictionary } from './dictionary.ts';

/** With more texts of a kind than this the scanner soon knows no more: it is let forget before. */
const MAX_SCANNER_TEXTS = { level: 1_000, logger: 16_000, task: 128_000 };

/** The ids that a scanner gives to texts, as ids of a dictionary. */
export class KnownTexts {
	readonly #scanner: LineScanner;
	readonly #dictionary: Dictionary;
	/** Dictionary id by scanner id; 0 where it was not asked for yet. */
	#ids: Record<TextKind, number[]> = { level: [0], logger: [0], task: [0] };

	constructor(scanner: LineScanner, dictionary: Dictionary) {
		this.#scanner = scanner;
		this.#dictionary = dictionary;
	}

	/** Between two scans: lets the scanner forget if it knows too much. */
	refresh(): void {
		const kinds = ['logger', 'task', 'level'] as const;
		if (kinds.some((kind) => this.#scanner.textCount(kind) > MAX_SCANNER_TEXTS[kind])) {
			this.#scanner.forget();
			this.#ids = { level: [0], logger: [0], task: [0] };
		}
	}

	/** The dictionary's id for a text the scanner has found. */
	idOf(kind: TextKind, id: number): number {
		const known = this.#ids[kind][id];
		if (known !== undefined) {
			return known;
		}
		const text = this.#scanner.text(kind, id);
		const found = this.#dictionary.idOf(
			kind,
			kind === 'level' ? levelText(text, severityOf(text)) : text,
		);
		this.#ids[kind][id] = found;
		return found;
	}
}

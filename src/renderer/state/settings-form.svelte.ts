import type {
	Density,
	NewestAt,
	Retention,
	Settings,
	SettingsChange,
} from '#shared/model/settings.ts';
import { readBound, SIZE_RULE, writtenBound } from '../lib/bound-field.ts';
import type { BoundRule } from '../lib/bound-field.ts';

/** The bounds of what is kept, as they are typed. */
export type Bound = keyof Retention;

const RULES: Readonly<Record<Bound, BoundRule>> = {
	rows: {
		unit: 1,
		max: 1e12,
		isWhole: true,
		problem: 'Type a whole number of entries, up to 1,000,000,000,000, or 0 for no bound.',
	},
	bytes: SIZE_RULE,
	days: {
		unit: 1,
		max: 36_500,
		isWhole: true,
		problem: 'Type a whole number of days, up to 36,500, or 0 for no bound.',
	},
};

/** The settings that are there to be chosen. */
type Shown = 'keep_text' | 'letter_keys' | 'newest' | 'density' | 'wrap' | 'zebra';

/** The dialog of the settings: what is typed, and what of it would not do. */
export class SettingsForm {
	keep_text = $state(true);
	letter_keys = $state(true);
	newest: NewestAt = $state('top');
	density: Density = $state('normal');
	wrap = $state(false);
	zebra = $state(false);
	rows = $state('');
	/** In GB. */
	bytes = $state('');
	days = $state('');
	problems: Partial<Record<Bound, string>> = $state.raw({});
	readonly #before: Retention;

	constructor(settings: Pick<Settings, Shown | 'retention'>) {
		this.newest = settings.newest;
		this.density = settings.density;
		this.wrap = settings.wrap;
		this.zebra = settings.zebra;
		this.keep_text = settings.keep_text;
		this.letter_keys = settings.letter_keys;
		this.#before = settings.retention;
		this.rows = this.#written('rows');
		this.bytes = this.#written('bytes');
		this.days = this.#written('days');
	}

	/** What is to be changed; `undefined` where something typed would not do: `problems` says what. */
	read(): SettingsChange | undefined {
		const rows = this.#read('rows');
		const bytes = this.#read('bytes');
		const days = this.#read('days');
		this.problems = {
			...(rows === undefined ? { rows: RULES.rows.problem } : {}),
			...(bytes === undefined ? { bytes: RULES.bytes.problem } : {}),
			...(days === undefined ? { days: RULES.days.problem } : {}),
		};
		if (rows === undefined || bytes === undefined || days === undefined) {
			return undefined;
		}
		return {
			keep_text: this.keep_text,
			letter_keys: this.letter_keys,
			newest: this.newest,
			density: this.density,
			wrap: this.wrap,
			zebra: this.zebra,
			retention: { rows, bytes, days },
		};
	}

	#written(bound: Bound): string {
		return writtenBound(this.#before[bound], RULES[bound]);
	}

	#read(bound: Bound): number | undefined {
		return readBound(this[bound], RULES[bound], this.#before[bound]);
	}
}

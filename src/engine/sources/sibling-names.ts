/** How old a file is among its rotated siblings, as its name tells. */
export interface Age {
	/** Rising with age, comparable among siblings of the same `by`. 0: the log itself. */
	readonly by: 'name' | 'number' | 'date';
	readonly value: number;
}

/** A name taken apart. */
export interface RotatedName {
	/** The name of the log it was rotated from. */
	readonly stem: string;
	readonly age: Age;
	/** `app.1.log`: it might as well be a log of its own. */
	readonly isDoubtful: boolean;
}

const COMPRESSED = /\.(?:gz|zst|zstd)$/i;
const DATE =
	'\\d{4}-\\d{2}-\\d{2}(?:[-_T.]\\d[\\d_:.-]*)?|20\\d{6}(?:[-_T.]?\\d{2,6})?|1\\d{9}|1\\d{12}';
const NUMBER_AFTER = /^(.+)\.(\d{1,4})$/s;
const SAVED = /^(.+)\.(?:old|bak|orig|prev)$/is;
const DATE_AFTER = new RegExp(`^(.+)[.-](${DATE})$`, 's');
const NUMBER_BEFORE = /^(.+)\.(\d{1,4})(\.[a-z]\w*)$/is;
const DATE_BEFORE = new RegExp(`^(.+)[._-](${DATE})(\\.[a-z]\\w*)$`, 'is');

/**
 * Which log a name belongs to, with all ways of rotation we know: `app.log.1`, `app.log-20261101`,
 * `app.log.2026-11-01`, `app.log-<epoch>`, `app-2026-11-01.log`, `app.1.log`, `app.log.old`; each also compressed.
 */
export function takeApart(name: string): RotatedName {
	const plain = name.replace(COMPRESSED, '');
	const dated = DATE_AFTER.exec(plain) ?? DATE_BEFORE.exec(plain);
	if (dated !== null) {
		const [, stem = '', date = '', extension = ''] = dated;
		return { stem: stem + extension, age: byDate(date), isDoubtful: false };
	}
	const numbered = NUMBER_AFTER.exec(plain);
	if (numbered !== null) {
		const [, stem = '', number = ''] = numbered;
		return { stem, age: { by: 'number', value: Number(number) }, isDoubtful: false };
	}
	const saved = SAVED.exec(plain);
	if (saved !== null) {
		return { stem: saved[1] ?? '', age: { by: 'number', value: 0.5 }, isDoubtful: false };
	}
	const doubtful = NUMBER_BEFORE.exec(plain);
	if (doubtful !== null) {
		const [, stem = '', number = '', extension = ''] = doubtful;
		const age: Age = { by: 'number', value: Number(number) };
		return { stem: stem + extension, age, isDoubtful: true };
	}
	// What was compressed under its own name was rotated too, nobody knows when.
	const value = plain === name ? 0 : 1;
	return { stem: plain, age: { by: 'name', value }, isDoubtful: false };
}

/** Whether `name` is a rotated sibling of the log called `log`, or the log itself; how old it is. */
export function ageAmong(log: string, name: string): Age | undefined {
	if (name === log) {
		return { by: 'name', value: 0 };
	}
	if (name.replace(COMPRESSED, '') === log) {
		return { by: 'name', value: 1 };
	}
	const { stem, age } = takeApart(name);
	return stem === log && age.by !== 'name' ? age : undefined;
}

/**
 * Compares two siblings: negative if the first is the older one. Where the names can't tell, the
 * times of their last change do, in any unit.
 */
export function compareAges(
	one: { readonly age: Age; readonly changed: number },
	other: { readonly age: Age; readonly changed: number },
): number {
	const isNewest = (age: Age) => age.by === 'name' && age.value === 0;
	if (isNewest(one.age) !== isNewest(other.age)) {
		return isNewest(one.age) ? 1 : -1;
	}
	return one.age.by === other.age.by && one.age.value !== other.age.value
		? other.age.value - one.age.value
		: one.changed - other.changed;
}

/** Negative if the first of two files of a family is the older one. */
export function compareFiles(one: AgedFile, other: AgedFile): number {
	return compareAges(
		{ age: one.name.age, changed: one.modifiedAt },
		{ age: other.name.age, changed: other.modifiedAt },
	);
}

interface AgedFile {
	readonly name: { readonly age: Age };
	readonly modifiedAt: number;
}

/** Editors' and downloaders' files on their way, and hidden ones: no logs. */
export function isTemporaryName(name: string): boolean {
	return name.startsWith('.') || /(?:~|\.(?:swp|swx|part|tmp|crdownload))$/i.test(name);
}

/** A date as a number that falls with time, so that the older one has the greater age. */
function byDate(date: string): Age {
	const digits = date.replaceAll(/\D/g, '');
	if (/^1\d{9}(?:\d{3})?$/.test(digits) && digits === date) {
		const ms = digits.length === 10 ? Number(digits) * 1_000 : Number(digits);
		return { by: 'date', value: -ms };
	}
	const padded = digits.slice(0, 14).padEnd(14, '0');
	const [, year, month, day, hour, minute, second] =
		/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(padded) ?? [];
	return {
		by: 'date',
		value: -Date.UTC(
			Number(year),
			Number(month) - 1,
			Number(day),
			Number(hour),
			Number(minute),
			Number(second),
		),
	};
}

import { plusDecimal, readDecimal, timesDecimal } from './decimal.ts';
import type { Decimal } from './decimal.ts';

/** A number with what it counts: seconds, bytes, or nothing that is known. */
export interface Quantity {
	readonly of: 'number' | 'duration' | 'size';
	/** In seconds or bytes. */
	readonly value: Decimal;
}

/** A unit as a whole number of seconds or bytes, times ten to a power. */
interface Unit {
	readonly of: 'duration' | 'size';
	readonly factor: number;
	readonly tens: number;
}

const UNITS: ReadonlyMap<string, Unit> = new Map([
	...units('duration', 1, -9, 'ns nanos nanoseconds'),
	...units('duration', 1, -6, 'us µs μs micros microseconds'),
	...units('duration', 1, -3, 'ms millis milliseconds'),
	...units('duration', 1, 0, 's sec secs second seconds'),
	...units('duration', 60, 0, 'm min mins minute minutes'),
	...units('duration', 3_600, 0, 'h hour hours'),
	...units('duration', 86_400, 0, 'd day days'),
	...units('duration', 604_800, 0, 'w week weeks'),
	...units('size', 1, 0, 'B byte bytes'),
	...units('size', 1, 3, 'kB KB kb'),
	...units('size', 1, 6, 'MB mb'),
	...units('size', 1, 9, 'GB gb'),
	...units('size', 1, 12, 'TB tb'),
	...units('size', 1_024, 0, 'KiB kib'),
	...units('size', 1_024 ** 2, 0, 'MiB mib'),
	...units('size', 1_024 ** 3, 0, 'GiB gib'),
	...units('size', 1_024 ** 4, 0, 'TiB tib'),
]);

function units(of: Unit['of'], factor: number, tens: number, names: string): [string, Unit][] {
	return names.split(' ').map((name) => [name, { of, factor, tens }]);
}

/** Longer texts are no quantity: values of logs are looked at one by one. */
const MAX_LENGTH = 100;
const WITH_UNIT = /^([+-]?[\d.]+(?:[eE][+-]?\d{1,3})?) ?([a-zA-Zµμ]+)$/;
const PARTS = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h|d|w)){2,}$/;
const PART = /(\d+(?:\.\d+)?)([a-zµμ]+)/g;

/** Reads `500`, `1.5s`, `250 ms`, `1h30m`, `10MB`; `undefined` if the text is none of these. */
export function readQuantity(text: string): Quantity | undefined {
	if (text.length > MAX_LENGTH || !/\d/.test(text)) {
		return undefined;
	}
	const number = readDecimal(text);
	if (number !== undefined) {
		return { of: 'number', value: number };
	}
	const [, amount = '', unit = ''] = WITH_UNIT.exec(text) ?? [];
	const single = withUnit(amount, unit);
	if (single !== undefined || !PARTS.test(text)) {
		return single;
	}
	return [...text.matchAll(PART)]
		.map(([, count = '', name = '']) => withUnit(count, name))
		.reduce((sum, part) =>
			sum === undefined || part === undefined
				? undefined
				: { of: sum.of, value: plusDecimal(sum.value, part.value) },
		);
}

function withUnit(amount: string, name: string): Quantity | undefined {
	const unit = UNITS.get(name);
	const number = readDecimal(amount);
	return unit === undefined || number === undefined ? undefined : inUnit(number, unit);
}

function inUnit(number: Decimal, unit: Unit): Quantity {
	return { of: unit.of, value: timesDecimal(number, unit.factor, unit.tens) };
}

/**
 * What a plain number means where it is compared with a quantity: the unit that the field's name
 * ends with (`duration_ms`, `elapsedSeconds`), otherwise seconds or bytes.
 */
export function asQuantity(number: Quantity, of: Quantity['of'], fieldName: string): Quantity {
	if (number.of !== 'number' || of === 'number') {
		return number;
	}
	const unit = endingsOf(fieldName)
		.map((ending) => UNITS.get(ending) ?? UNITS.get(ending.toLowerCase()))
		.find((found) => found !== undefined);
	return unit?.of === of ? inUnit(number.value, unit) : { of, value: number.value };
}

/** The words a name can end with, the longest first: `Mi` and `B` of `sizeMiB` are one. */
function endingsOf(name: string): readonly string[] {
	const begins = name.matchAll(/^|[_.-]|(?<=[a-z\d])(?=[A-Z])/g);
	return Array.from(begins, (begin) => name.slice(begin.index + begin[0].length));
}

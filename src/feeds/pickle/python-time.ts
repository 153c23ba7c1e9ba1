import { madeObject } from './made-object.ts';
import type { MadeObject } from './made-object.ts';
import { PyObject } from './pickle-value.ts';
import type { PickleValue } from './pickle-value.ts';
import { bytesOf } from './python-bytes.ts';

// The bytes are those of `__getstate__` in CPython's `Lib/_pydatetime.py`; the texts are what `str`
// makes of the objects. Each function answers `undefined` for what is no such object.

/** `2026-01-02 03:04:05.000006+00:00`; a zone with rules is named: `…[Europe/Paris]`. */
export function dateTimeText({ args: [state, zone] }: MadeObject): string | undefined {
	const bytes = bytesOf(state);
	if (bytes?.length !== 10) {
		return undefined;
	}
	const date = dateOf(bytes);
	const time = timeOf(bytes.subarray(4));
	const suffix = zoneSuffix(zone);
	return date && time && suffix !== undefined ? `${date} ${time}${suffix}` : undefined;
}

/** `2026-01-02`. */
export function dateText({ args: [state] }: MadeObject): string | undefined {
	const bytes = bytesOf(state);
	return bytes?.length === 4 ? dateOf(bytes) : undefined;
}

/** `03:04:05.000006+00:00`. */
export function timeText({ args: [state, zone] }: MadeObject): string | undefined {
	const bytes = bytesOf(state);
	const time = bytes?.length === 6 ? timeOf(bytes) : undefined;
	const suffix = zoneSuffix(zone);
	return time && suffix !== undefined ? `${time}${suffix}` : undefined;
}

/** `1 day, 0:01:30.000005`. */
export function durationText(made: MadeObject): string | undefined {
	const parts = durationParts(made);
	if (parts === undefined) {
		return undefined;
	}
	const [days, seconds, micros] = parts;
	const clock = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction(micros)}`;
	return days === 0 ? clock : `${days} day${Math.abs(days) === 1 ? '' : 's'}, ${clock}`;
}

/** `UTC`, `UTC+02:00`, or the name it was given. */
export function zoneText(made: MadeObject): string | undefined {
	const name = made.args[1];
	const offset = offsetText(made);
	if (offset === undefined) {
		return undefined;
	}
	return typeof name === 'string' ? name : offset === '+00:00' ? 'UTC' : `UTC${offset}`;
}

/** What stands behind a time for its zone. */
function zoneSuffix(zone: PickleValue | undefined): string | undefined {
	if (zone === undefined || zone === null) {
		return '';
	}
	if (!(zone instanceof PyObject)) {
		return undefined;
	}
	const made = madeObject(zone);
	if (made.name === 'datetime.timezone') {
		return offsetText(made);
	}
	// Its rules are not in the pickle, only where the sender finds them.
	const key = made.args[0];
	const name = typeof key === 'string' ? key : made.name;
	return name === undefined ? undefined : `[${name}]`;
}

function offsetText({ args: [offset] }: MadeObject): string | undefined {
	const made = offset instanceof PyObject ? madeObject(offset) : undefined;
	const parts = made?.name === 'datetime.timedelta' ? durationParts(made) : undefined;
	if (parts === undefined) {
		return undefined;
	}
	const [days, seconds, micros] = parts;
	const total = (days * 86_400 + seconds) * 1_000_000 + micros;
	const size = Math.abs(total);
	const whole = Math.floor(size / 1_000_000);
	const rest = size % 1_000_000;
	const fine = whole % 60 === 0 && rest === 0 ? '' : `:${two(whole % 60)}${fraction(rest)}`;
	return `${total < 0 ? '-' : '+'}${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}${fine}`;
}

/** Days of either sign, seconds and microseconds of a day. */
function durationParts({ name, args }: MadeObject): [number, number, number] | undefined {
	const [days = 0, seconds = 0, micros = 0] = args;
	const isWhole =
		name === 'datetime.timedelta' &&
		isWithin(days, -999_999_999, 999_999_999) &&
		isWithin(seconds, 0, 86_399) &&
		isWithin(micros, 0, 999_999);
	return isWhole ? [Number(days), Number(seconds), Number(micros)] : undefined;
}

function dateOf(bytes: Buffer): string | undefined {
	const year = bytes.readUInt16BE(0);
	// Its highest bit says which of the two hours at the end of summer time is meant.
	const month = bytes.readUInt8(2) & 0x7f;
	const day = bytes.readUInt8(3);
	const isDate = isWithin(year, 1, 9_999) && isWithin(month, 1, 12) && isWithin(day, 1, 31);
	return isDate ? `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}` : undefined;
}

function timeOf(bytes: Buffer): string | undefined {
	// Here the highest bit of the hour says it.
	const hour = bytes.readUInt8(0) & 0x7f;
	const minute = bytes.readUInt8(1);
	const second = bytes.readUInt8(2);
	const micros = bytes.readUIntBE(3, 3);
	const isTime =
		isWithin(hour, 0, 23) &&
		isWithin(minute, 0, 59) &&
		isWithin(second, 0, 59) &&
		isWithin(micros, 0, 999_999);
	return isTime ? `${two(hour)}:${two(minute)}:${two(second)}${fraction(micros)}` : undefined;
}

function isWithin(value: PickleValue, least: number, most: number): boolean {
	return typeof value === 'number' && value >= least && value <= most;
}

function two(value: number): string {
	return String(value).padStart(2, '0');
}

/** Python writes six digits or none. */
function fraction(micros: number): string {
	return micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`;
}

import { isDigit } from './json.ts';

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY = 86_400_000_000;
const MINUTE = 60_000_000;

/** Reads the stamps AsyncZ writes. */
export class TimeReader {
	bytes: Uint8Array = new Uint8Array(0);
	// Lines of a log share their day, nearly always.
	#date = -1;
	#midnight = 0;

	/**
	 * Microseconds since 1970 of bytes [from, to), `NaN` if they are not exactly
	 * `YYYY-MM-DD[ T]HH:MM:SS[.ffffff][±HH:MM|Z]` with a date from 1970 to 2200; UTC without a zone.
	 */
	micros(from: number, to: number): number {
		const { bytes } = this;
		const separator = bytes[from + 10];
		const hasForm =
			to - from >= 19 &&
			bytes[from + 4] === 0x2d &&
			bytes[from + 7] === 0x2d &&
			(separator === 0x20 || separator === 0x54) &&
			bytes[from + 13] === 0x3a &&
			bytes[from + 16] === 0x3a;
		if (!hasForm) {
			return Number.NaN;
		}
		const midnight = this.#midnightOf(from);
		const hour = this.#two(from + 11);
		const minute = this.#two(from + 14);
		const second = this.#two(from + 17);
		const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
		if (!isTime || second < 0 || second > 59) {
			return Number.NaN;
		}
		let at = from + 19;
		let fraction = 0;
		if (at < to && bytes[at] === 0x2e) {
			const first = ++at;
			let unit = 100_000;
			while (at < to && unit >= 1 && isDigit(bytes[at])) {
				fraction += ((bytes[at] as number) - 0x30) * unit;
				unit /= 10;
				at++;
			}
			if (at === first) {
				return Number.NaN;
			}
		}
		const time = (hour * 60 + minute) * MINUTE + second * 1_000_000 + fraction;
		return midnight + time - this.#zone(at, to);
	}

	/** Microseconds that a zone is ahead of UTC. */
	#zone(at: number, to: number): number {
		const { bytes } = this;
		const sign = bytes[at];
		if (at === to || (sign === 0x5a && at + 1 === to)) {
			return 0;
		}
		if (to - at !== 6 || (sign !== 0x2b && sign !== 0x2d) || bytes[at + 3] !== 0x3a) {
			return Number.NaN;
		}
		const hours = this.#two(at + 1);
		const minutes = this.#two(at + 4);
		if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
			return Number.NaN;
		}
		return (hours * 60 + minutes) * (sign === 0x2d ? -MINUTE : MINUTE);
	}

	/** When the day of a date begins; `NaN` if there is no such day. */
	#midnightOf(from: number): number {
		const century = this.#two(from);
		const year = century * 100 + this.#two(from + 2);
		const month = this.#two(from + 5);
		const day = this.#two(from + 8);
		const date = (year * 100 + month) * 100 + day;
		if (date === this.#date) {
			return this.#midnight;
		}
		if (
			year < 1970 ||
			year > 2200 ||
			month < 1 ||
			month > 12 ||
			day < 1 ||
			day > lengthOf(month, year)
		) {
			return Number.NaN;
		}
		this.#date = date;
		this.#midnight = daysBefore(year, month, day) * DAY;
		return this.#midnight;
	}

	/** The value of two digits; far below zero if they are none. */
	#two(at: number): number {
		const tens = this.bytes[at];
		const ones = this.bytes[at + 1];
		return isDigit(tens) && isDigit(ones) ? (tens ?? 0) * 10 + (ones ?? 0) - 528 : -1_000_000;
	}
}

function isLeap(year: number): boolean {
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function lengthOf(month: number, year: number): number {
	return month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

/** Days from 1970-01-01 to a date not before it. */
function daysBefore(year: number, month: number, day: number): number {
	const past = year - 1;
	const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 477;
	let days = (year - 1970) * 365 + leapDays + day - 1;
	for (let before = 1; before < month; before++) {
		days += lengthOf(before, year);
	}
	return days;
}

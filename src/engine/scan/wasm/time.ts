import { isDigit } from './bytes';

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

/** Says that a text is no time. */
export const NO_TIME: i64 = i64.MIN_VALUE;

/** What stands for a number that is none: far below zero, whatever is added to it. */
const NO_NUMBER: i32 = -1_000_000;

// The date read last, and when its day begins: lines of a log share their day, nearly always.
let dateHead: u64 = 0;
let dateTail: u16 = 0;
let midnight: i64 = NO_TIME;

/**
 * Microseconds since 1970 of bytes [from, to), `NO_TIME` if they are not exactly
 * `YYYY-MM-DD[ T]HH:MM:SS[.ffffff][±HH:MM|Z]` with a date from 1970 to 2200; UTC without a zone.
 */
export function microsOf(from: usize, to: usize): i64 {
	if (to - from < 19) {
		return NO_TIME;
	}
	const separator = load<u8>(from + 10);
	const hasForm =
		(separator === 0x20 || separator === 0x54) &&
		load<u8>(from + 13) === 0x3a &&
		load<u8>(from + 16) === 0x3a;
	const day = midnightOf(from);
	const hour = twoDigits(from + 11);
	const minute = twoDigits(from + 14);
	const second = twoDigits(from + 17);
	const isTime = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
	if (!hasForm || !isTime || day === NO_TIME) {
		return NO_TIME;
	}
	let at = from + 19;
	let fraction = 0;
	if (at < to && load<u8>(at) === 0x2e) {
		const first = ++at;
		let unit = 100_000;
		while (at < to && unit > 0 && isDigit(load<u8>(at))) {
			fraction += (<i32>load<u8>(at) - 0x30) * unit;
			unit /= 10;
			at++;
		}
		if (at === first) {
			return NO_TIME;
		}
	}
	const zone = zoneOf(at, to);
	const time = <i64>(hour * 60 + minute) * MINUTE + second * 1_000_000 + fraction;
	return zone === NO_TIME ? NO_TIME : day + time - zone;
}

/** Microseconds that a zone is ahead of UTC. */
function zoneOf(at: usize, to: usize): i64 {
	const sign = load<u8>(at);
	if (at === to || (sign === 0x5a && at + 1 === to)) {
		return 0;
	}
	if (to - at !== 6 || (sign !== 0x2b && sign !== 0x2d) || load<u8>(at + 3) !== 0x3a) {
		return NO_TIME;
	}
	const hours = twoDigits(at + 1);
	const minutes = twoDigits(at + 4);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
		return NO_TIME;
	}
	return <i64>(hours * 60 + minutes) * (sign === 0x2d ? -MINUTE : MINUTE);
}

/** When the day of a date begins; `NO_TIME` if there is no such day. */
function midnightOf(from: usize): i64 {
	const head = load<u64>(from);
	const tail = load<u16>(from + 8);
	if (head === dateHead && tail === dateTail) {
		return midnight;
	}
	dateHead = head;
	dateTail = tail;
	midnight = NO_TIME;
	const year = twoDigits(from) * 100 + twoDigits(from + 2);
	const month = twoDigits(from + 5);
	const day = twoDigits(from + 8);
	const isDate =
		load<u8>(from + 4) === 0x2d &&
		load<u8>(from + 7) === 0x2d &&
		year >= 1970 &&
		year <= 2200 &&
		month >= 1 &&
		month <= 12 &&
		day >= 1 &&
		day <= lengthOf(month, year);
	if (isDate) {
		midnight = <i64>daysBefore(year, month, day) * DAY;
	}
	return midnight;
}

/** The value of two digits; `NO_NUMBER` if they are none. */
function twoDigits(at: usize): i32 {
	const tens: u32 = <u32>load<u8>(at) - 0x30;
	const ones: u32 = <u32>load<u8>(at + 1) - 0x30;
	return tens < 10 && ones < 10 ? tens * 10 + ones : NO_NUMBER;
}

function lengthOf(month: i32, year: i32): i32 {
	if (month === 2) {
		return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
	}
	// April, June, September, November.
	return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01 to a date not before it. */
function daysBefore(year: i32, month: i32, day: i32): i32 {
	const past = year - 1;
	let days = (year - 1970) * 365 + past / 4 - past / 100 + past / 400 - 477 + day - 1;
	for (let before = 1; before < month; before++) {
		days += lengthOf(before, year);
	}
	return days;
}

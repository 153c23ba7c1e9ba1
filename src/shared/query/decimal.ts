/**
 * A decimal number, exactly: 0.digits × 10^exponent. Numbers in logs go beyond 2^53, where two that
 * differ would be the same to `Number`.
 */
export interface Decimal {
	readonly sign: -1 | 0 | 1;
	/** Without zeros at either end; empty for 0. */
	readonly digits: string;
	readonly exponent: number;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** Reads `500`, `-0.5`, `5e2`, `.5`; `undefined` if the text is no number. */
export function readDecimal(text: string): Decimal | undefined {
	const [found, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
	return found === undefined || whole + fraction === ''
		? undefined
		: decimal(sign === '-' ? -1 : 1, whole + fraction, whole.length + Number(exponent));
}

/** Negative if the first is less, positive if it is more, 0 if both are the same number. */
export function compareDecimals(one: Decimal, other: Decimal): number {
	if (one.sign !== other.sign) {
		return one.sign - other.sign;
	}
	const size =
		one.exponent - other.exponent ||
		(one.digits < other.digits ? -1 : one.digits > other.digits ? 1 : 0);
	return one.sign === -1 ? 0 - size : size;
}

/** A number times a whole one, times ten to a power. */
export function timesDecimal(number: Decimal, factor: number, tens: number): Decimal {
	if (number.sign === 0 || factor === 1) {
		return number.sign === 0 ? number : { ...number, exponent: number.exponent + tens };
	}
	const product = (BigInt(number.digits) * BigInt(factor)).toString();
	const shift = product.length - number.digits.length;
	return decimal(number.sign, product, number.exponent + shift + tens);
}

/** The sum of two numbers that are not negative and have exponents of ordinary size. */
export function plusDecimal(one: Decimal, other: Decimal): Decimal {
	const last = Math.min(placesOf(one), placesOf(other));
	const sum = (wholeAt(one, last) + wholeAt(other, last)).toString();
	return decimal(1, sum, sum.length + last);
}

function placesOf({ digits, exponent }: Decimal): number {
	return exponent - digits.length;
}

function wholeAt(number: Decimal, place: number): bigint {
	return BigInt(number.digits || '0') * 10n ** BigInt(placesOf(number) - place);
}

function decimal(sign: -1 | 1, digits: string, exponent: number): Decimal {
	const withoutZeros = digits.replace(/^0+/, '');
	const significant = withoutZeros.replace(/0+$/, '');
	return significant === ''
		? { sign: 0, digits: '', exponent: 0 }
		: { sign, digits: significant, exponent: exponent - (digits.length - withoutZeros.length) };
}

import { formatTime, offsetOf } from '#shared/format/format-time.ts';
import type { Precision, TimeZone } from '#shared/model/settings.ts';

/** Writes times; those of one second, which mostly follow each other, for little more than their digits. */
export class StampText {
	readonly #zone: TimeZone;
	readonly #precision: Precision;
	readonly #hasOffset: boolean;
	#second = NaN;
	#before = '';
	#behind = '';

	/** `hasOffset`: `2026-11-22 10:28:41.902113+00:00`, else without its end. */
	constructor(zone: TimeZone, precision: Precision, hasOffset: boolean) {
		this.#zone = zone;
		this.#precision = precision;
		this.#hasOffset = hasOffset;
	}

	/** `ts`: microseconds since 1970. What no calendar has is the number it is. */
	of(ts: number): string {
		const second = Math.floor(ts / 1e6);
		if (second !== this.#second) {
			const text = formatTime(second * 1e6, this.#zone, '', 0);
			if (!text.includes(' ')) {
				return String(ts);
			}
			this.#second = second;
			this.#before = text;
			this.#behind = this.#hasOffset ? offsetOf(ts, this.#zone) : '';
		}
		if (this.#precision === 0) {
			return this.#before + this.#behind;
		}
		const micros = String(Math.floor(ts - second * 1e6)).padStart(6, '0');
		const digits = this.#precision === 6 ? micros : micros.slice(0, this.#precision);
		return `${this.#before}.${digits}${this.#behind}`;
	}
}

import { formatCount } from './format-number.ts';

/** How late something is, in microseconds, as short as it can be read: `+4.2 s late`, `+3 h late`. */
export function lateText(micros: number): string {
	return `+${amountOf(micros / 1_000_000)} late`;
}

function amountOf(seconds: number): string {
	// As it is rounded, so that no minute has 60.0 s.
	if (seconds < 59.95) {
		return `${seconds.toFixed(1)} s`;
	}
	if (seconds < 3_600) {
		return `${Math.round(seconds / 60)} min`;
	}
	if (seconds < 2 * 86_400) {
		return `${Math.round(seconds / 3_600)} h`;
	}
	return `${formatCount(Math.round(seconds / 86_400))} d`;
}

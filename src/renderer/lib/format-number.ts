const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1284331 → `1,284,331`. */
export function formatCount(value: number): string {
	return grouped.format(value);
}

/** `1 entry`, `2 entries`. */
export function formatCountOf(value: number, one: string, many: string): string {
	return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/**
 * With four digits or fewer where it is large, rounded down: `99,999`, `412 k`, `3.9 M`, `51 M`. For
 * where there is little room; the whole number has to be somewhere beside.
 */
export function formatShortCount(value: number): string {
	const [unit, size] = value < 1e6 ? ['k', 1e3] : value < 1e9 ? ['M', 1e6] : ['G', 1e9];
	if (value < 1e5) {
		return formatCount(value);
	}
	const scaled = value / Number(size);
	return `${scaled < 10 ? (Math.floor(scaled * 10) / 10).toFixed(1) : Math.floor(scaled)} ${unit}`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** 1153433600 → `1.1 GB`; three digits at most. */
export function formatBytes(bytes: number): string {
	let value = bytes;
	let unit: string = UNITS[0];
	for (const larger of UNITS.slice(1)) {
		if (value < 1_000) {
			break;
		}
		value /= 1_024;
		unit = larger;
	}
	const digits = unit === 'B' || value >= 100 ? 0 : 1;
	return `${value.toFixed(digits)} ${unit}`;
}

/** Share of 1 as whole per cent, rounded down: 100 % is said when it is all of it. */
export function formatShare(share: number): string {
	return `${Math.floor(Math.min(Math.max(share, 0), 1) * 100)} %`;
}

/** Entries per second: `0.4`, `12`, `4,120`. */
export function formatRate(perSecond: number): string {
	return perSecond > 0 && perSecond < 1 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond));
}

/** The value below which the share `p` (0 to 1) of the numbers lies. */
export function percentile(numbers: readonly number[], p: number): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	return sorted[Math.min(Math.floor(sorted.length * p), sorted.length - 1)] ?? NaN;
}

/** Rounded to one decimal: these machines measure no finer. */
export function rounded(value: number): number {
	return Math.round(value * 10) / 10;
}

/** Rounded to two decimals, for ratios and microseconds. */
export function rounded2(value: number): number {
	return Math.round(value * 100) / 100;
}

export function median(numbers: readonly number[]): number {
	return percentile(numbers, 0.5);
}

/** How a measure is spread, in its own unit. */
export function spread(numbers: readonly number[]): Record<'p50' | 'p99' | 'max', number> {
	return {
		p50: rounded(percentile(numbers, 0.5)),
		p99: rounded(percentile(numbers, 0.99)),
		max: rounded(numbers.reduce((most, value) => Math.max(most, value), -Infinity)),
	};
}

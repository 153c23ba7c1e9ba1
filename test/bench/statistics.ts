/** The value below which the share `p` (0 to 1) of the numbers lies. */
export function percentile(numbers: readonly number[], p: number): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	return sorted[Math.min(Math.floor(sorted.length * p), sorted.length - 1)] ?? NaN;
}

/** Rounded to one decimal: these machines measure no finer. */
export function rounded(value: number): number {
	return Math.round(value * 10) / 10;
}

/** How the lines of some bytes became entries: `lines + extra = entries + quarantined + joined`. */
export interface LineCounts {
	readonly lines: number;
	readonly entries: number;
	readonly quarantined: number;
	readonly joined: number;
	readonly extra: number;
	/** Those of the entries that say that something is lost. */
	readonly gaps: number;
}

export const NO_COUNTS: LineCounts = {
	lines: 0,
	entries: 0,
	quarantined: 0,
	joined: 0,
	extra: 0,
	gaps: 0,
};

export function addCounts(a: LineCounts, b: LineCounts): LineCounts {
	return {
		lines: a.lines + b.lines,
		entries: a.entries + b.entries,
		quarantined: a.quarantined + b.quarantined,
		joined: a.joined + b.joined,
		extra: a.extra + b.extra,
		gaps: a.gaps + b.gaps,
	};
}

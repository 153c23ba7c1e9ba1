/** The levels of Python's `logging`, in rising order, as the level filter offers them. */
export const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** One of the five standard levels. */
export type Level = (typeof LEVELS)[number];

const SEVERITY = new Map<string, number>([
	['NOTSET', 0],
	['TRACE', 5],
	['DEBUG', 10],
	['INFO', 20],
	['WARNING', 30],
	['ERROR', 40],
	['CRITICAL', 50],
]);

/** Names other loggers use for the same level; the keys are lower case. */
const SYNONYMS = new Map<string, string>([
	['verbose', 'DEBUG'],
	['silly', 'DEBUG'],
	['finest', 'DEBUG'],
	['finer', 'DEBUG'],
	['fine', 'DEBUG'],
	['dbg', 'DEBUG'],
	['notice', 'INFO'],
	['success', 'INFO'],
	['http', 'INFO'],
	['information', 'INFO'],
	['informational', 'INFO'],
	['warn', 'WARNING'],
	['err', 'ERROR'],
	['severe', 'ERROR'],
	['exception', 'ERROR'],
	['fatal', 'CRITICAL'],
	['panic', 'CRITICAL'],
	['dpanic', 'CRITICAL'],
	['crit', 'CRITICAL'],
	['emerg', 'CRITICAL'],
	['emergency', 'CRITICAL'],
	['alert', 'CRITICAL'],
]);

/** The standard name for a level as any logger writes it; an unknown name is kept, in upper case. */
export function canonicalLevel(name: string): string {
	return SYNONYMS.get(name.toLowerCase()) ?? name.toUpperCase();
}

/** All names of levels that have an order of their own, in upper case, with it: synonyms too. */
export function knownLevels(): readonly (readonly [name: string, severity: number])[] {
	const synonyms = [...SYNONYMS].map(
		([name, level]) => [name.toUpperCase(), SEVERITY.get(level) ?? 20] as const,
	);
	return [...SEVERITY, ...synonyms];
}

/** How slog writes a level between its four: `INFO+2`. Its steps are 4 apart, Python's are 10. */
const SLOG_LEVEL = /^(DEBUG|INFO|WARN|ERROR)([+-]\d{1,3})$/;

/**
 * The order of a level, on Python's scale (DEBUG 10 … CRITICAL 50). Synonyms count as the level
 * they stand for; a name nobody knows counts as INFO, so that a minimum level never hides it
 * below DEBUG.
 */
export function severityOf(name: string): number {
	const known = SEVERITY.get(name.toUpperCase()) ?? SEVERITY.get(canonicalLevel(name));
	if (known !== undefined) {
		return known;
	}
	const [, base, steps] = SLOG_LEVEL.exec(name.toUpperCase()) ?? [];
	return base === undefined ? 20 : Math.round(severityOf(base) + Number(steps) * 2.5);
}

/** Whether a level has an order of its own: a standard name, a synonym, slog's steps, a number. */
export function isLevelName(name: string): boolean {
	return (
		SEVERITY.has(canonicalLevel(name)) ||
		SLOG_LEVEL.test(name.toUpperCase()) ||
		/^\d{1,3}$/.test(name)
	);
}

/** The level Python's `logging` names by this number: the greatest one not above it. */
export function levelOfSeverity(severity: number): string {
	let result = 'NOTSET';
	for (const [name, value] of SEVERITY) {
		if (value <= severity) {
			result = name;
		}
	}
	return result;
}

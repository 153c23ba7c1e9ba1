/**
 * What SQL can say of a filter. `sql` is true of every row that matches; where none of `doubts` is
 * true of a row, it is true of that row only if it matches. So a row that is found and in doubt has
 * to be looked at, and all others are known. Each is an expression on the row `t`; one that is null
 * counts as not true.
 */
export interface Condition {
	readonly sql: string;
	readonly doubts: readonly string[];
}

export const ALWAYS: Condition = { sql: 'true', doubts: [] };
export const NEVER: Condition = { sql: 'false', doubts: [] };

/** SQL says it exactly. */
export function exactly(sql: string): Condition {
	return { sql, doubts: [] };
}

/** Only rows for which `sql` is true can match, and each of them has to be looked at. */
export function perhaps(sql = 'true'): Condition {
	return sql === 'false' ? NEVER : { sql, doubts: [sql] };
}

/** Exact, but for the rows for which `doubt` is true: they may match. */
export function exactBut(sql: string, doubt: string): Condition {
	return { sql: `(${sql} OR ${doubt})`, doubts: [doubt] };
}

export function allOf(parts: readonly Condition[]): Condition {
	if (parts.some(({ sql }) => sql === 'false')) {
		return NEVER;
	}
	const kept = parts.filter(({ sql, doubts }) => sql !== 'true' || doubts.length > 0);
	const sqls = kept.map(({ sql }) => sql).filter((sql) => sql !== 'true');
	return { sql: joined(sqls, ' AND ', 'true'), doubts: doubtsOf(kept) };
}

export function anyOf(parts: readonly Condition[]): Condition {
	if (parts.some(({ sql, doubts }) => sql === 'true' && doubts.length === 0)) {
		return ALWAYS;
	}
	const kept = parts.filter(({ sql }) => sql !== 'false');
	if (kept.some(({ sql }) => sql === 'true')) {
		return { sql: 'true', doubts: doubtsOf(kept) };
	}
	return {
		sql: joined(
			kept.map(({ sql }) => sql),
			' OR ',
			'false',
		),
		doubts: doubtsOf(kept),
	};
}

export function not({ sql, doubts }: Condition): Condition {
	if (doubts.length === 0) {
		return sql === 'true' ? NEVER : sql === 'false' ? ALWAYS : exactly(`(${sql}) IS NOT TRUE`);
	}
	return doubts.includes('true')
		? { sql: 'true', doubts: ['true'] }
		: { sql: joined([`(${sql}) IS NOT TRUE`, ...doubts], ' OR ', 'true'), doubts };
}

/** Whether a found row has to be looked at, as SQL. */
export function doubtOf({ doubts }: Condition): string {
	return doubts.includes('true') ? 'true' : joined(doubts, ' OR ', 'false');
}

function doubtsOf(parts: readonly Condition[]): readonly string[] {
	const all = [...new Set(parts.flatMap(({ doubts }) => doubts))];
	return all.includes('true') ? ['true'] : all;
}

function joined(parts: readonly string[], operator: string, none: string): string {
	const different = [...new Set(parts)];
	return different.length < 2 ? (different[0] ?? none) : `(${different.join(operator)})`;
}

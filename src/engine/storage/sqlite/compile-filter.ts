import { severityOf } from '#shared/model/level.ts';
import { normalizeFilter } from '#shared/model/query.ts';
import type { Filter } from '#shared/model/query.ts';

/** A condition with its parameters; values never stand in the text. */
export interface SqlCondition {
	readonly sql: string;
	readonly params: readonly (string | number)[];
}

/**
 * The filter as a condition on `entry`: selects what `matchFilter` selects. `up_to` is left to the
 * caller, who cuts the range of `seq`.
 */
export function compileFilter(filter: Filter): SqlCondition {
	const { task_id, level, min_level, q, since, until, source } = normalizeFilter(filter);
	const parts: SqlCondition[] = [];
	const add = (sql: string, ...params: (string | number)[]) => parts.push({ sql, params });
	if (source !== undefined) {
		add('source = ?', source);
	}
	if (since !== undefined) {
		add('ts >= ?', since);
	}
	if (until !== undefined) {
		add('ts <= ?', until);
	}
	if (min_level !== undefined) {
		add('severity >= ?', severityOf(min_level));
	}
	if (level !== undefined) {
		add('level = ?', level);
	}
	if (task_id !== undefined) {
		add('task_id = ?', task_id);
	}
	if (q !== undefined) {
		parts.push(messageContains(q.toLowerCase()));
	}
	return {
		sql: parts.length === 0 ? '1' : parts.map((part) => part.sql).join(' AND '),
		params: parts.flatMap((part) => part.params),
	};
}

/** The message as it is compared where SQLite's own folding would not do; else `undefined`. */
export function foldMessage(message: string): string | undefined {
	return /^[\u0001-\u007f]*$/.test(message) ? undefined : message.toLowerCase();
}

function messageContains(needle: string): SqlCondition {
	// LIKE ends at NUL, and no plain message has one.
	if (needle.includes('\0')) {
		return { sql: '(folded IS NOT NULL AND instr(folded, ?) > 0)', params: [needle] };
	}
	const pattern = `%${needle.replace(/[\\%_]/g, '\\$&')}%`;
	return {
		sql: `CASE WHEN folded IS NULL THEN message LIKE ? ESCAPE '\\' ELSE instr(folded, ?) > 0 END`,
		params: [pattern, needle],
	};
}

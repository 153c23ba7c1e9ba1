import { levelOfText } from '../../segment/dictionary.ts';
import type { Dictionary } from '../../segment/dictionary.ts';
import type { Segment } from '../../segment/segment.ts';
import type { SourceOf } from './match-rows.ts';
import type { Plan } from './plan.ts';

/** What is sure of all rows of a segment that are not hidden: `undefined` if they have to be looked at. */
export type Verdict = 'all' | 'none' | undefined;

/** Segments of more spans than this are not asked which sources they are of. */
const MAX_SPANS = 64;

/** Whether it is sure, without looking at its rows, that all or none of a segment match. */
export function judgeSegment(
	plan: Plan,
	segment: Segment,
	dictionary: Dictionary,
	sourceOf: SourceOf,
): Verdict {
	const judge = (part: Plan): Verdict => judgePart(part, segment, dictionary, sourceOf, judge);
	return segment.rows === segment.hidden ? 'none' : judge(plan);
}

function judgePart(
	plan: Plan,
	segment: Segment,
	dictionary: Dictionary,
	sourceOf: SourceOf,
	judge: (part: Plan) => Verdict,
): Verdict {
	switch (plan.kind) {
		case 'constant':
			return plan.value ? 'all' : 'none';
		case 'and':
			return joined(plan.parts, judge, 'none', 'all');
		case 'or':
			return joined(plan.parts, judge, 'all', 'none');
		case 'not':
			return opposite(judge(plan.part));
		case 'id':
			return plan.id() === -1 ? 'none' : undefined;
		case 'ids':
			return judgeIds(plan, segment, dictionary);
		case 'time':
			return judgeRange(segment.minTs, segment.maxTs, plan.from, plan.to);
		case 'after':
			return judgeRange(segment.seq, segment.seq + segment.rows - 1, plan.seq + 1, Infinity);
		case 'seqs': {
			const end = segment.seq + segment.rows;
			return plan.seqs.some((seq) => seq >= segment.seq && seq < end) ? undefined : 'none';
		}
		case 'source':
			return judgeSources(plan.has, segment, sourceOf);
		default:
			return undefined;
	}
}

/** A conjunction is `decisive` as soon as one part is, and `neutral` if all are. */
function joined(
	parts: readonly Plan[],
	judge: (part: Plan) => Verdict,
	decisive: Verdict,
	neutral: Verdict,
): Verdict {
	let result: Verdict = neutral;
	for (const part of parts) {
		const verdict = judge(part);
		if (verdict === decisive) {
			return decisive;
		}
		result = verdict === neutral ? result : undefined;
	}
	return result;
}

function opposite(verdict: Verdict): Verdict {
	return verdict === undefined ? undefined : verdict === 'all' ? 'none' : 'all';
}

/** All values are from `min` to `max`; those from `from` to `to` are asked for. */
function judgeRange(min: number, max: number, from: number, to: number): Verdict {
	if (max < from || min > to) {
		return 'none';
	}
	return min >= from && max <= to ? 'all' : undefined;
}

function judgeIds(
	{ column, table }: Extract<Plan, { kind: 'ids' }>,
	{ maxSeverity }: Segment,
	dictionary: Dictionary,
): Verdict {
	const { ids } = table;
	if (!ids.includes(1)) {
		return 'none';
	}
	const isBelow = (id: number) => levelOfText(dictionary.text('level', id)).severity <= maxSeverity;
	const canMatch = column !== 'level' || ids.some((is, id) => is === 1 && isBelow(id));
	return canMatch ? undefined : 'none';
}

function judgeSources(
	has: (source: number) => boolean,
	{ spans }: Segment,
	sourceOf: SourceOf,
): Verdict {
	if (spans.length === 0 || spans.length > MAX_SPANS) {
		return undefined;
	}
	const isIn = (span: { readonly generation: number }) => has(sourceOf(span.generation) ?? 0);
	const [first, ...rest] = spans;
	const isFirst = first !== undefined && isIn(first);
	const isSame = rest.every((span) => isIn(span) === isFirst);
	return isSame ? (isFirst ? 'all' : 'none') : undefined;
}

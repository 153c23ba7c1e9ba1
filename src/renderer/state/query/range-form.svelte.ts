import type { TimeRange } from '#shared/model/view.ts';
import {
	formatMinutes,
	readBetween,
	readLast,
	typedSince,
	typedUntil,
} from '../../lib/time-range.ts';
import type { TimeReading, TypedRange } from '../../lib/time-range.ts';

/** The ranges of time that are typed: so long until now, or between two moments. */
export class RangeForm {
	last = $state('');
	from = $state('');
	to = $state('');
	/** Why what was typed is no range. */
	lastProblem: string | undefined = $state();
	betweenProblem: string | undefined = $state();

	/** Shows a range as it could have been typed. */
	show(range: TimeRange, { zone }: TimeReading): void {
		this.last = range.kind === 'last' ? formatMinutes(range.minutes) : '';
		this.from = range.kind === 'between' ? typedSince(range.since, zone) : '';
		this.to = range.kind === 'between' ? typedUntil(range.until, zone) : '';
		this.lastProblem = undefined;
		this.betweenProblem = undefined;
	}

	/** The range that ends now; `undefined` where `lastProblem` says why there is none. */
	readLast(): TimeRange | undefined {
		const typed = readLast(this.last);
		this.lastProblem = problemOf(typed);
		return rangeOf(typed);
	}

	/** The range between two moments; `undefined` where `betweenProblem` says why there is none. */
	readBetween(reading: TimeReading): TimeRange | undefined {
		const typed = readBetween(this.from, this.to, reading);
		this.betweenProblem = problemOf(typed);
		return rangeOf(typed);
	}
}

function rangeOf(typed: TypedRange): TimeRange | undefined {
	return 'range' in typed ? typed.range : undefined;
}

function problemOf(typed: TypedRange): string | undefined {
	return 'problem' in typed ? typed.problem : undefined;
}

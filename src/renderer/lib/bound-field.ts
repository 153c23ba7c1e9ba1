/** One GB as people type it. */
export const GB = 1_024 ** 3;

/** A bound of the settings, as it is typed. */
export interface BoundRule {
	/** How many of the settings' unit one of the form's is. */
	readonly unit: number;
	readonly max: number;
	readonly isWhole: boolean;
	/** What would do, as a sentence. */
	readonly problem: string;
}

/** Sizes are typed in GB. */
export const SIZE_RULE: BoundRule = {
	unit: GB,
	max: 1e15,
	isWhole: false,
	problem: 'Type a number of GB, up to 900,000, or 0 for no bound.',
};

/** A bound as it is shown to be changed. */
export function writtenBound(value: number, { unit }: BoundRule): string {
	return String(Number((value / unit).toFixed(3)));
}

/** What is typed; `undefined` where that would not do. As it was `before` it stays what it is. */
export function readBound(typed: string, rule: BoundRule, before: number): number | undefined {
	const text = typed.replaceAll(/[\s,_]/g, '');
	if (text === writtenBound(before, rule)) {
		return before; // not what it was rounded to
	}
	if (!(rule.isWhole ? /^\d+$/ : /^(?:\d+\.?\d*|\.\d+)$/).test(text)) {
		return undefined;
	}
	const value = Math.round(Number(text) * rule.unit);
	return value <= rule.max ? value : undefined;
}

import type { QueryNode, ValueTest } from './ast.ts';
import { readTime } from './time-text.ts';
import { UTC } from './zone-offset.ts';

/** What has to be known of an entry, and beside it, to say whether a query is true of it. */
export interface QueryNeeds {
	/** `QueryContext.at`: it counts from now, or from this day. */
	readonly now: boolean;
	/** `QueryContext.zone`: it has times, which may name none. */
	readonly zone: boolean;
	readonly marked: boolean;
	/** `QueryContext.notes`. */
	readonly notes: boolean;
	/** `QueryContext.seenTo`. */
	readonly seenTo: boolean;
	readonly sources: boolean;
	/** `QueryEntry.extra`. */
	readonly extra: boolean;
	/** `QueryEntry.exception`. */
	readonly exception: boolean;
	/** `EntryRow.late`. */
	readonly late: boolean;
	/** `EntryRow.repeat`. */
	readonly repeat: boolean;
}

const NOTHING: QueryNeeds = {
	now: false,
	zone: false,
	marked: false,
	notes: false,
	seenTo: false,
	sources: false,
	extra: false,
	exception: false,
	late: false,
	repeat: false,
};

/** What a query needs; nothing if it is `undefined`. */
export function needsOf(root: QueryNode | undefined): QueryNeeds {
	switch (root?.kind) {
		case undefined:
			return NOTHING;
		case 'and':
		case 'or':
			return root.parts.map(needsOf).reduce(both);
		case 'not':
			return needsOf(root.part);
		case 'is':
			return {
				...NOTHING,
				marked: root.state === 'marked',
				seenTo: root.state === 'new',
				late: root.state === 'late',
				repeat: root.state === 'repeat',
			};
		case 'text': {
			const isAll = root.scope === 'all';
			return { ...NOTHING, sources: isAll, extra: isAll, exception: isAll };
		}
		case 'field': {
			const column = 'column' in root.field ? root.field.column : undefined;
			return {
				...timeNeeds(root.test, column === 'ts'),
				sources: column === 'source',
				extra: column === undefined,
				exception: column === 'exception',
				notes: column === 'note',
			};
		}
	}
}

function both(one: QueryNeeds, other: QueryNeeds): QueryNeeds {
	return {
		now: one.now || other.now,
		zone: one.zone || other.zone,
		marked: one.marked || other.marked,
		notes: one.notes || other.notes,
		seenTo: one.seenTo || other.seenTo,
		sources: one.sources || other.sources,
		extra: one.extra || other.extra,
		exception: one.exception || other.exception,
		late: one.late || other.late,
		repeat: one.repeat || other.repeat,
	};
}

/** What counts from now is told by its meaning on two days. */
function timeNeeds(test: ValueTest, isTs: boolean): QueryNeeds {
	const texts = test.kind === 'range' ? [test.low, test.high] : 'text' in test ? [test.text] : [];
	let needs = NOTHING;
	for (const text of texts) {
		const [one, other] = [0, 100 * 86_400_000_000].map((at) =>
			readTime(text ?? '', { at, zone: UTC }),
		);
		if (one !== undefined) {
			needs = both(needs, {
				...NOTHING,
				now: one.from !== other?.from,
				// A time in `extra` may name no zone either.
				zone: !one.relative || !isTs,
			});
		}
	}
	return needs;
}

import { describe, expect, test } from 'vitest';
import {
	copyRows,
	createColumns,
	packColumns,
	unpackColumns,
} from '#engine/segments/segment/columns.ts';
import type { Columns } from '#engine/segments/segment/columns.ts';
import { Dictionary, levelOfText, levelText } from '#engine/segments/segment/dictionary.ts';
import { RangeSet } from '#engine/segments/segment/range-set.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';

const NAMES = [
	'ts',
	'end',
	'logger',
	'task',
	'level',
	'part',
	'flags',
	'messageStart',
	'messageLength',
] as const;

function randomColumns(random: Random, rows: number, time: () => number): Columns {
	const columns = createColumns(rows);
	let end = 0;
	for (let row = 0; row < rows; row++) {
		end += random.below(500);
		columns.ts[row] = time();
		columns.end[row] = end;
		columns.logger[row] = random.below(2 ** 32);
		columns.task[row] = random.below(2 ** 32);
		columns.level[row] = random.below(2 ** 16);
		columns.part[row] = random.below(2 ** 16);
		columns.flags[row] = random.below(2 ** 16);
		columns.messageStart[row] = random.below(2 ** 16);
		columns.messageLength[row] = random.below(2 ** 16);
	}
	return columns;
}

function listed(columns: Columns, rows: number): Record<string, number[]> {
	return Object.fromEntries(NAMES.map((name) => [name, [...columns[name].subarray(0, rows)]]));
}

describe('columns', () => {
	const random = new Random(1);
	const times: readonly [string, () => number][] = [
		['of today', () => 1_795_342_787_283_179 + random.below(1e9)],
		['before 1970', () => -random.below(2 ** 50)],
		['on both sides of 1970', () => random.below(2 ** 50) - 2 ** 49],
		['at the ends of what a number tells apart', () => random.pick([2 ** 53 - 1, 1 - 2 ** 53, 0])],
		['of the years 1 and 9999', () => random.pick([-62_135_596_800e6 + 1, 253_402_300_799e6 + 3])],
		['of a parser gone wild', () => random.pick([-1e23, 1e23, 5e-7, 0.25, 1.5])],
	];
	test.each(times)('come back as they were with times %s', (_, time) => {
		for (const rows of [0, 1, 2, 511, 512, 513, 4_097]) {
			const columns = randomColumns(random, rows, time);
			expect(listed(unpackColumns(packColumns(columns, rows), rows), rows)).toEqual(
				listed(columns, rows),
			);
		}
	});

	test('come back with 65,536 rows, and with fewer rows than there is room for', () => {
		const columns = randomColumns(random, 65_536, () => 1_795_342_787_283_179);
		const all = unpackColumns(packColumns(columns, 65_536), 65_536);
		expect(listed(all, 65_536)).toEqual(listed(columns, 65_536));
		const some = unpackColumns(packColumns(columns, 100), 100);
		expect(some.capacity).toBe(100);
		expect(listed(some, 100)).toEqual(listed(columns, 100));
	});

	test('are cut at the text that was there when they are packed', () => {
		const columns = createColumns(2);
		columns.end.set([10, 30]);
		expect([...unpackColumns(packColumns(columns, 2, 20), 2).end]).toEqual([10, 20]);
	});

	test('are refused when they have other rows than are asked for, or are damaged', () => {
		const packed = packColumns(createColumns(3), 3);
		expect(() => unpackColumns(packed, 4)).toThrow(RangeError);
		expect(() => unpackColumns(Buffer.from('no columns'), 3)).toThrow(/frame/i);
	});

	test('are copied with their ends moved', () => {
		const from = randomColumns(random, 10, () => 5);
		const to = createColumns(10);
		copyRows(from, 4, 7, to, 2, 100);
		expect([...to.end.subarray(2, 5)]).toEqual(
			[...from.end.subarray(4, 7)].map((end) => end + 100),
		);
		expect([...to.task.subarray(2, 5)]).toEqual([...from.task.subarray(4, 7)]);
		expect([to.end[1], to.end[5]]).toEqual([0, 0]);
	});
});

describe('a dictionary', () => {
	test('gives each text of a kind one number, and 0 to the empty one', () => {
		const dictionary = new Dictionary();
		expect(dictionary.idOf('task', 'a')).toBe(1);
		expect(dictionary.idOf('logger', 'a')).toBe(1);
		expect(dictionary.idOf('task', 'b')).toBe(2);
		expect(dictionary.idOf('task', 'a')).toBe(1);
		expect(dictionary.idOf('task', '')).toBe(0);
		expect([dictionary.find('task', ''), dictionary.find('task', 'c')]).toEqual([0, undefined]);
		expect([0, 1, 2, 3].map((id) => dictionary.text('task', id))).toEqual(['', 'a', 'b', '']);
	});

	test('knows texts like the keys of every object', () => {
		const dictionary = new Dictionary();
		expect(dictionary.find('task', '__proto__')).toBeUndefined();
		expect(dictionary.find('task', 'constructor')).toBeUndefined();
		expect(dictionary.text('task', dictionary.idOf('task', '__proto__'))).toBe('__proto__');
	});

	test('tells what came since, and another one takes it over, however often it is told', () => {
		const dictionary = new Dictionary({ level: ['x'], logger: [], task: ['a'] });
		const other = new Dictionary({ level: ['x'], logger: [], task: ['a'] });
		const known = dictionary.counts();
		dictionary.idOf('task', 'b');
		dictionary.idOf('logger', 'l');
		const texts = dictionary.since(known);
		expect(texts).toEqual({ level: [], logger: ['l'], task: ['b'] });
		other.add(texts, known);
		other.add(texts, known);
		expect(other.counts()).toEqual({ level: 1, logger: 1, task: 2 });
		expect(other.find('task', 'b')).toBe(2);
	});

	test('runs out of levels without mixing up those it has', () => {
		const dictionary = new Dictionary();
		for (let n = 0; n < 70_000; n++) {
			dictionary.idOf('level', levelText(`L${n}`, 20));
		}
		expect(dictionary.count('level')).toBe(0xfffe);
		expect(dictionary.idOf('level', levelText('L0', 20))).toBe(1);
		expect(dictionary.idOf('level', levelText('new', 20))).toBe(0xfffe);
	});

	test.each(['', 'INFO', 'TWO\nLINES', '\n', '20'])('gives back the level %j', (level) => {
		expect(levelOfText(levelText(level, -10))).toEqual({ level, severity: -10 });
	});
});

test('a set of ranges is a bitmap, and refuses what it has', () => {
	const random = new Random(2);
	for (let round = 0; round < 300 * TEST_SCALE; round++) {
		const bits = new Uint8Array(60);
		const set = new RangeSet();
		for (let step = 0; step < 25; step++) {
			const start = random.below(60);
			const range = { start, end: Math.min(start + random.below(12), 60) };
			const isThere = bits.subarray(range.start, range.end).includes(1);
			expect(refuses(set, range)).toBe(isThere);
			bits.fill(1, range.start, isThere ? range.start : range.end);
			expect(set.ranges).toEqual(runsOf(bits, 1, 0, 60));
			expect(set.bytes).toBe(bits.reduce((sum, bit) => sum + bit, 0));
			const from = random.below(60);
			const to = from + random.below(60 - from);
			expect(set.missing({ start: from, end: to })).toEqual(runsOf(bits, 0, from, to));
		}
		expect(new RangeSet(set.ranges.toReversed()).ranges).toEqual(set.ranges);
	}
});

/** Whether a set takes no more of a range, having some of it; else it takes it. */
function refuses(set: RangeSet, range: { start: number; end: number }): boolean {
	try {
		set.add(range);
		return false;
	} catch (error) {
		if (error instanceof RangeError) {
			return true;
		}
		throw error;
	}
}

function runsOf(
	bits: Uint8Array,
	value: number,
	from: number,
	to: number,
): { start: number; end: number }[] {
	const runs: { start: number; end: number }[] = [];
	for (let at = from; at < to; at++) {
		if (bits[at] === value) {
			const last = runs.at(-1);
			if (last?.end === at) {
				last.end = at + 1;
			} else {
				runs.push({ start: at, end: at + 1 });
			}
		}
	}
	return runs;
}

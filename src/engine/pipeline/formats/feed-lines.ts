import { readLostRecords, readRefusedFrame } from '#shared/model/feed-lines.ts';
import type { LostRecords } from '#shared/model/feed-lines.ts';
import { defineFormat, paths } from './format.ts';
import { always } from './levels.ts';

const COUNT = new Intl.NumberFormat('en-US');

/** A line about records that are lost: what receives feeds writes it, and senders do. */
export const lostRecords = defineFormat({
	name: 'gap',
	signs: ['gap'],
	matches: (record) => readLostRecords(record) !== undefined,
	isGap: true,
	time: [
		['gap', 'to'],
		['gap', 'from'],
	],
	zoneless: 'utc',
	level: always('WARNING'),
	message: paths('gap'),
	makeMessage: ({ value }) => {
		const gap = readLostRecords(value);
		return gap === undefined ? undefined : { text: sentenceOf(gap), path: ['gap'] };
	},
	logger: [],
	task: [],
});

/** A line that stands for something that came and could not be read. */
export const refusedFrame = defineFormat({
	name: 'refused frame',
	signs: ['refused'],
	matches: (record) => readRefusedFrame(record) !== undefined,
	problem: (record) => readRefusedFrame(record)?.reason,
	time: [],
	level: always('WARNING'),
	message: paths('refused'),
	makeMessage: ({ value }) => {
		const bytes = readRefusedFrame(value)?.bytes;
		const size = typeof bytes === 'number' ? ` of ${COUNT.format(bytes)} bytes` : '';
		return { text: `A frame${size} could not be read`, path: ['refused', 'reason'] };
	},
	logger: [],
	task: [],
});

/** "512 records are missing here, from 10:00:00 to 10:00:05: The queue was full." */
function sentenceOf({ records, reason, from, to }: LostRecords): string {
	const what =
		typeof records !== 'number'
			? 'Records may be missing here'
			: records === 1
				? 'One record is missing here'
				: `${COUNT.format(records)} records are missing here`;
	const when = [from && `from ${from}`, to && `to ${to}`].filter((part) => Boolean(part));
	const time = when.length === 0 ? '' : `, ${when.join(' ')}`;
	return `${what}${time}${reason === '' ? '' : `: ${reason}`}`;
}

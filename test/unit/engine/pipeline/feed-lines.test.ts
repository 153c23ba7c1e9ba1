import { describe, expect, test } from 'vitest';
import { EntryFlag } from '#shared/model/entry.ts';
import { formatLostRecords, formatRefusedFrame } from '#shared/model/feed-lines.ts';
import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { readDetails } from '#engine/pipeline/details.ts';

const CONTEXT = { arrival: 1_800_000_000_000_000 };

const decode = (line: string) => decodeEntry(line, CONTEXT)[0];

describe('a line about lost records', () => {
	test('is a gap that says how many, when and why, at the time of the last one', () => {
		const line = formatLostRecords({
			records: 1_512,
			reason: 'The queue was full while the companion was away',
			from: '2026-11-26 10:00:00.123456+00:00',
			to: '2026-11-26 10:00:05+00:00',
		});
		expect(decode(line)).toEqual({
			ts: 1_795_687_205_000_000,
			level: 'WARNING',
			severity: 30,
			message:
				'1,512 records are missing here, from 2026-11-26 10:00:00.123456+00:00 to 2026-11-26 10:00:05+00:00: The queue was full while the companion was away',
			logger: '',
			task_id: undefined,
			flags: EntryFlag.gap,
			format: 'gap',
		});
		expect(readDetails(line)).toEqual({ format: 'gap' });
	});

	test.each([
		[{ records: 1, reason: 'no room' }, 'One record is missing here: no room'],
		[
			{ reason: 'no room', to: '2026-11-26' },
			'Records may be missing here, to 2026-11-26: no room',
		],
		[{ reason: '' }, 'Records may be missing here'],
	])('%j', (gap, message) => {
		expect(decode(formatLostRecords(gap))?.message).toBe(message);
	});

	test('takes null for what is not known', () => {
		expect(decode('{"gap": {"records": null, "reason": "r", "from": null}}')).toMatchObject({
			message: 'Records may be missing here: r',
			flags: EntryFlag.gap | EntryFlag.arrivalTime,
		});
	});

	test.each([
		['{"gap": {"reason": "r"}, "level": "INFO"}'],
		['{"gap": {"reason": "r", "width": 4}}'],
		['{"gap": {"reason": 5}}'],
		['{"gap": {"reason": "r", "records": "5"}}'],
		['{"gap": ["r"]}'],
		['{"gap": null}'],
		['{"gap": "r"}'],
	])('is not %s', (line) => {
		expect((decode(line)?.flags ?? 0) & EntryFlag.gap).toBe(0);
	});
});

test('a refused frame is a quarantined line with its reason and its first bytes', () => {
	const line = formatRefusedFrame({
		reason: 'It refers to an object outside of it.',
		bytes: 2_048,
		hex: '80049551',
	});
	expect(decode(line)).toMatchObject({
		level: 'WARNING',
		message: 'A frame of 2,048 bytes could not be read',
		flags: EntryFlag.quarantined | EntryFlag.arrivalTime,
		quarantine: 'It refers to an object outside of it.',
	});
	expect(readDetails(line)).toEqual({
		format: 'refused frame',
		quarantine: 'It refers to an object outside of it.',
		extra: '{"refused": {"bytes": 2048, "hex": "80049551"}}',
	});
});

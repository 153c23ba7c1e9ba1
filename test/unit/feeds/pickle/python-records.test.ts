import { describe, expect, test } from 'vitest';
import { recordLine } from '#feeds/pickle/record-line.ts';
import { asciiJson, framesOfPython, recordedFrames } from '../../../support/pickle-records.ts';

const read = (frame: Buffer): string => {
	const reading = recordLine(frame, 0);
	return 'line' in reading ? asciiJson(reading.line) : reading.refused;
};

describe('the records of Python 3.6 to 3.13', () => {
	const records = recordedFrames();

	test('are those of eight versions, more than fifty kinds of each', () => {
		const kinds = Map.groupBy(
			records.flatMap(({ kind, versions }) => versions.map((version) => ({ version, kind }))),
			({ version }) => version.split('.', 2).join('.'),
		);
		expect([...kinds.keys()].toSorted()).toEqual(
			['3.6', '3.7', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13'].toSorted(),
		);
		expect([...kinds.values()].every((ofVersion) => ofVersion.length >= 85)).toBe(true);
	});

	test('become the lines that Python itself would write', () => {
		expect(records.map(({ kind, frame }) => ({ kind, line: read(frame) }))).toEqual(
			records.map(({ kind, line }) => ({ kind, line })),
		);
	});
});

describe('the records of the Python that is here', () => {
	test.each([0, 1, 2, 3, 4, 5])('in protocol %i become the same lines', (protocol) => {
		const records = framesOfPython(protocol);
		expect(records.length).toBeGreaterThan(80);
		expect(records.map(({ kind, frame }) => ({ kind, line: read(frame) }))).toEqual(
			records.map(({ kind, line }) => ({ kind, line })),
		);
	});
});

import { decodeEntry } from '#engine/pipeline/decode-entry.ts';
import { createPlainScanner } from '#engine/scan/plain-scanner.ts';
import { MessageReader } from '#engine/scan/message-reader.ts';
import { LineStatus } from '#engine/scan/scanner.ts';
import type { ScannedLines } from '#engine/scan/scanner.ts';
import { createWasmScanner } from '#engine/scan/wasm-scanner.ts';
import { describe, expect, it } from 'vitest';
import { createLineSource } from '../../../bench/generate-log.ts';
import { Random, TEST_SCALE } from '../../../support/entries.ts';
import { expectedStatus } from './expected-status.ts';
import { createRecordLines, linesOf, scanText } from './record-lines.ts';

const LF = Buffer.from('\n');

function recordOf(logger: string, task: string): string {
	return `{"ts":"2026-11-22 10:19:46","level":"A","message":"","logger":"${logger}","task_id":"${task}"}`;
}

/** A row as text, to compare and to show. */
function rowOf(lines: ScannedLines, row: number): string {
	const status = lines.status[row];
	return JSON.stringify(
		status === LineStatus.other
			? [lines.starts[row], status]
			: [
					lines.starts[row],
					status,
					lines.ts[row],
					lines.level[row],
					lines.logger[row],
					lines.task[row],
					lines.messageStart[row],
					lines.messageLength[row],
				],
	);
}

describe('both line scanners', () => {
	const wasm = createWasmScanner();
	const plain = createPlainScanner();
	const messages = new MessageReader();

	/** The first row in which they differ, if any. */
	function firstDifference(bytes: Buffer): unknown {
		const [one, other] = [scanText(wasm, bytes), scanText(plain, bytes)];
		for (let row = 0; row < Math.max(one.count, other.count); row++) {
			const [found, expected] = [rowOf(one, row), rowOf(other, row)];
			if (found !== expected) {
				return { row, found, expected, line: linesOf(bytes)[row]?.toString('latin1') };
			}
		}
		return undefined;
	}

	it(
		'say what JSON.parse and the decoder say of 200,000 lines, good ones and broken ones',
		() => {
			const random = new Random(20_261_122);
			const nextLine = createRecordLines(random);
			const statuses = [0, 0, 0];
			for (let batch = 0; batch < 400 * TEST_SCALE; batch++) {
				const bytes = Buffer.concat(Array.from({ length: 500 }, nextLine));
				expect(firstDifference(bytes)).toBeUndefined();
				const scanned = scanText(wasm, bytes);
				const problems = linesOf(bytes).flatMap((line, row) => {
					const status = scanned.status[row] ?? -1;
					statuses[status] = (statuses[status] ?? 0) + 1;
					const problem = problemOf(scanned, row, line);
					return problem === undefined ? [] : [`${problem}: ${line.toString()}`];
				});
				expect(problems).toEqual([]);
				if (random.chance(0.1)) {
					wasm.forget();
					plain.forget();
				}
			}
			// The lines are worth their name only if there are enough of each.
			expect(Math.min(...statuses)).toBeGreaterThan(10_000 * TEST_SCALE);
		},
		60_000 * TEST_SCALE,
	);

	/** What is wrong with a row, if anything. */
	function problemOf(scanned: ScannedLines, row: number, line: Buffer): string | undefined {
		const status = scanned.status[row] ?? -1;
		const expected = expectedStatus(line);
		if (!expected.includes(status)) {
			return `status ${status} instead of ${expected.join(' or ')}`;
		}
		if (status === LineStatus.other) {
			const other = messages.messageOf(Buffer.concat([line, LF]));
			return other === undefined ? undefined : `message "${other}" of another line`;
		}
		const text = line.toString().replace(/\r$/, '');
		const [decoded, second] = decodeEntry(text, { arrival: Number.NaN });
		if (decoded === undefined || second !== undefined || decoded.quarantine !== undefined) {
			return 'not one good entry';
		}
		const start = scanned.messageStart[row] ?? 0;
		const message = line.subarray(start, start + (scanned.messageLength[row] ?? 0)).toString();
		const pairs: readonly (readonly [string, unknown, unknown])[] = [
			['ts', scanned.ts[row], decoded.ts],
			['level', wasm.text('level', scanned.level[row] ?? 0), decoded.level],
			['logger', wasm.text('logger', scanned.logger[row] ?? 0), decoded.logger],
			['task', wasm.text('task', scanned.task[row] ?? 0), decoded.task_id ?? ''],
			['message', JSON.parse(`"${message}"`), decoded.message],
			['message alone', messages.messageOf(Buffer.concat([line, LF])), decoded.message],
		];
		const wrong = pairs.find(([, found, right]) => found !== right);
		return wrong === undefined ? undefined : `${wrong[0]} ${wrong[1]} instead of ${wrong[2]}`;
	}

	it('say the same of a log cut anywhere', () => {
		const nextLine = createLineSource(7);
		const bytes = Buffer.from(Array.from({ length: 6 }, (_, i) => nextLine(i)).join(''));
		for (let end = 0; end <= bytes.length; end++) {
			expect(firstDifference(bytes.subarray(0, end))).toBeUndefined();
			expect(firstDifference(bytes.subarray(end))).toBeUndefined();
		}
	});

	it('say the same of random bytes', () => {
		const random = new Random(5);
		for (let round = 0; round < 2_000 * TEST_SCALE; round++) {
			const alphabet = random.pick([256, 128, 40]);
			const bytes = Buffer.from(
				Array.from({ length: random.below(400) }, () => random.below(alphabet)),
			);
			expect(firstDifference(bytes)).toBeUndefined();
		}
	});

	it('give the same numbers to as many texts as they have room for, and to no more', () => {
		wasm.forget();
		plain.forget();
		const short = Array.from({ length: 140_000 }, (_, i) => recordOf(`l${i % 17_000}`, `t${i}`));
		expect(firstDifference(Buffer.from(short.join('\n')))).toBeUndefined();
		expect([wasm.textCount('logger'), wasm.textCount('task')]).toEqual([16_384, 131_072]);
		expect(wasm.text('task', 131_072)).toBe(plain.text('task', 131_072));
		wasm.forget();
		plain.forget();
		const long = Array.from({ length: 50_000 }, (_, i) => recordOf('', `${i}`.padStart(199, 'x')));
		expect(firstDifference(Buffer.from(long.join('\n')))).toBeUndefined();
		expect(wasm.textCount('task')).toBe(Math.floor(8_388_608 / 199));
		expect(wasm.text('task', 42_000)).toBe(plain.text('task', 42_000));
	});
});

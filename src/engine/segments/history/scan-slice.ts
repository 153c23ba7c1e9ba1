import { EntryFlag } from '#shared/model/entry.ts';
import { FormatGuess } from '../../pipeline/formats/table.ts';
import type { JoinState } from '../../pipeline/join-lines.ts';
import { readFully } from '../query/text/read-fully.ts';
import type { Dictionary } from '../segment/dictionary.ts';
import { addCounts, NO_COUNTS } from '../segment/line-counts.ts';
import { MAX_LINE_BYTES } from '../../log-sink.ts';
import { isBlankText, textOfEntry } from '../segment/decode-bytes.ts';
import type { LineCounts } from '../segment/line-counts.ts';
import type { RowBuilder } from '../segment/row-builder.ts';
import { SegmentWriter } from '../segment/segment-writer.ts';
import type { SegmentMemory } from '../segment/segment.ts';
import type { SliceJob } from './scan-api.ts';

/** Read and scanned at a time. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** How many bytes a row has at least, for a first guess at their number. */
const GUESSED_ROW_BYTES = 160;

const LF = 0x0a;

/**
 * A slice of a file as a segment; `undefined` if the file is too short to have it. `memory` is that
 * of an earlier one, which is used again: shared memory is slow to be given back.
 */
export function scanSlice(
	job: SliceJob,
	builder: RowBuilder,
	dictionary: Dictionary,
	memory: SegmentMemory | undefined,
):
	| {
			readonly writer: SegmentWriter;
			readonly counts: LineCounts;
			readonly format: string | undefined;
	  }
	| undefined {
	const { fd } = job;
	const guess = new FormatGuess();
	const generation = job.generation.id;
	const writer = new SegmentWriter({
		id: 0,
		seq: 0,
		capacity: Math.ceil((job.end - job.start) / GUESSED_ROW_BYTES),
		isFixed: false,
		textLimit: 0,
		dictionary,
		memory,
	});
	let counts = NO_COUNTS;
	let state: JoinState = 'fresh';
	let format: string | undefined;
	for (let at = job.start; at < job.end;) {
		const wanted = Math.min(job.end - at, PIECE_BYTES);
		const input = builder.input(wanted);
		if (!readFully(fd, input.subarray(0, wanted), at)) {
			return undefined;
		}
		const isLast = at + wanted === job.end;
		const whole = isLast ? wanted : input.lastIndexOf(LF, wanted - 1) + 1;
		const isCut = whole === 0;
		const length = isCut ? MAX_LINE_BYTES : whole;
		const built = builder.build(length, {
			arrival: job.arrival,
			mapping: job.mapping,
			guess,
			state,
			isCut,
		});
		const place = { generation, offset: at };
		if (built.before > 0) {
			const more = input.subarray(0, built.before);
			const flags = isBlankText(more) ? 0 : EntryFlag.continued;
			const isAdded = writer.extendLast(more, place, builder.scanner, flags);
			if (!isAdded && flags !== 0) {
				// Behind a line that was cut: its text does not go on where these bytes stand.
				writer.addLate(writer.rows - 1, textOfEntry(more));
			}
		}
		if (built.count > 0) {
			writer.add(built, 0, built.count, input, place, builder.scanner);
		}
		counts = addCounts(counts, built.counts);
		state = isCut ? 'none' : built.state;
		format = built.format ?? format;
		at = isCut ? lineEnd(fd, at + wanted, job.end) : at + length;
	}
	return { writer, counts, format };
}

/** Where the line ends that goes on at `from`. */
function lineEnd(fd: number, from: number, end: number): number {
	const bytes = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - from));
	for (let at = from; at < end; at += bytes.length) {
		const part = bytes.subarray(0, Math.min(bytes.length, end - at));
		const found = readFully(fd, part, at) ? part.indexOf(LF) : -1;
		if (found !== -1) {
			return at + found + 1;
		}
	}
	return end;
}

/**
 * Entry of a scan thread: makes segments of slices of files.
 */
import { parentPort } from 'node:worker_threads';
import { createScanner } from '../../scan/create-scanner.ts';
import { readFully } from '../query/text/read-fully.ts';
import { holds } from '../query/text/text-reader.ts';
import { Dictionary } from '../segment/dictionary.ts';
import { RowBuilder } from '../segment/row-builder.ts';
import type { Segment, SegmentMemory } from '../segment/segment.ts';
import { serveThread } from '../../threads/serve-thread.ts';
import { compressText } from '../sqlite/commit.ts';
import { rereadRows } from './reread-rows.ts';
import type { ScanApi, ThreadTexts } from './scan-api.ts';
import { scanSchemas } from './scan-api.ts';
import { scanSlice } from './scan-slice.ts';

const dictionary = new Dictionary();
const builder = new RowBuilder(createScanner(), dictionary);
let memory: SegmentMemory | undefined;

/** The texts that were told: those of an answer that was never given are in the next one. */
let told = dictionary.counts();

/** An answer with the texts that got ids since the last one. */
function withTexts<T extends object>(answer: T): T & ThreadTexts {
	const known = told;
	told = dictionary.counts();
	return { ...answer, texts: dictionary.since(known), known };
}

const local: ScanApi = {
	scan: async (job) => {
		const slice = scanSlice(job, builder, dictionary, memory);
		memory = slice?.writer.memory() ?? memory;
		// What was read was the log's if the file still holds it now.
		if (slice === undefined || !holds(job.fd, job.generation.identity)) {
			return undefined;
		}
		return withTexts({
			segment: slice.writer.segment(),
			memory: slice.writer.trimmedMemory(),
			counts: slice.counts,
			format: slice.format,
		});
	},
	reread: async (job) => withTexts(rereadRows(job, dictionary)),
	compress: async ({ segment, generations, files }) => {
		const text = readSegment(segment, files);
		// As above: proved after it was read.
		const areSound = generations.every(({ id, identity }) => {
			const fd = files.get(id);
			return fd === undefined || holds(fd, identity);
		});
		return text !== undefined && areSound ? compressText(text) : undefined;
	},
};

/** All of a segment's text; `undefined` if a file of it is missing, or too short. */
function readSegment(
	{ spans, textBytes }: Segment,
	files: ReadonlyMap<number, number>,
): Uint8Array | undefined {
	const text = Buffer.allocUnsafe(textBytes);
	for (const [index, span] of spans.entries()) {
		const end = spans[index + 1]?.text ?? textBytes;
		const fd = files.get(span.generation);
		// A gap has no text.
		const isRead =
			end === span.text ||
			(fd !== undefined && readFully(fd, text.subarray(span.text, end), span.offset));
		if (!isRead) {
			return undefined;
		}
	}
	return text;
}

serveThread<ScanApi>(parentPort, scanSchemas, local);

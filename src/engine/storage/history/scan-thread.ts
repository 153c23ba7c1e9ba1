/**
 * Entry of a scan thread: makes segments of slices of files.
 */
import { closeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { openRpc } from '#shared/rpc/rpc.ts';
import { createScanner } from '../../scan/create-scanner.ts';
import { threadChannel } from '../../thread-channel.ts';
import { readFully } from '../query/read-fully.ts';
import { holds, openPlace } from '../query/text-reader.ts';
import { Dictionary } from '../segment/dictionary.ts';
import { RowBuilder } from '../segment/row-builder.ts';
import type { GenerationPlace, Segment, SegmentMemory } from '../segment/segment.ts';
import { compressText } from '../sqlite/commit.ts';
import { rereadRows } from './reread-rows.ts';
import type { ScanApi, ThreadTexts } from './scan-api.ts';
import { scanSchemas } from './scan-api.ts';
import { scanSlice } from './scan-slice.ts';

if (parentPort === null) {
	throw new Error('The scanner runs as a worker thread');
}

/** So many files stay open. */
const MAX_FILES = 32;

const dictionary = new Dictionary();
const builder = new RowBuilder(createScanner(), dictionary);
const files = new Map<number, number>();
let memory: SegmentMemory | undefined;

/** The file of a log, `held` if it is open already; it holds the log at this moment. */
function fileOf(generation: GenerationPlace, held: number | undefined): number | undefined {
	if (held !== undefined) {
		return holds(held, generation.identity) ? held : undefined;
	}
	const fd = files.get(generation.id) ?? openPlace(generation);
	if (fd === undefined) {
		return undefined;
	}
	files.delete(generation.id);
	if (!holds(fd, generation.identity)) {
		closeSync(fd);
		return undefined;
	}
	files.set(generation.id, fd);
	for (const [oldest, open] of files) {
		if (files.size <= MAX_FILES) {
			break;
		}
		files.delete(oldest);
		closeSync(open);
	}
	return fd;
}

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
		const fd = fileOf(job.generation, job.fd);
		if (fd === undefined) {
			return undefined;
		}
		const slice = scanSlice(fd, job, builder, dictionary, memory);
		memory = slice?.writer.memory() ?? memory;
		// What was read was the log's if the file still holds it now.
		if (slice === undefined || fileOf(job.generation, job.fd) === undefined) {
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
	compress: async ({ segment, generations, held }) => {
		try {
			const text = readSegment(segment, generations, held);
			return text === undefined ? undefined : compressText(text);
		} finally {
			// A log is released when it is read: nobody would close these.
			for (const { id } of generations) {
				release(id);
			}
		}
	},
	release: async ({ generation }) => release(generation),
};

function release(generation: number): void {
	const fd = files.get(generation);
	files.delete(generation);
	if (fd !== undefined) {
		closeSync(fd);
	}
}

/** All of a segment's text from its logs' files. */
function readSegment(
	{ spans, textBytes }: Segment,
	generations: readonly GenerationPlace[],
	held: ReadonlyMap<number, number>,
): Uint8Array | undefined {
	const text = Buffer.allocUnsafe(textBytes);
	for (const [index, span] of spans.entries()) {
		const end = spans[index + 1]?.text ?? textBytes;
		if (end === span.text) {
			continue; // a gap
		}
		const generation = generations.find(({ id }) => id === span.generation);
		const fd = generation === undefined ? undefined : fileOf(generation, held.get(generation.id));
		if (fd === undefined || !readFully(fd, text.subarray(span.text, end), span.offset)) {
			return undefined;
		}
	}
	const areSound = spans.every(({ generation: id }, index) => {
		const generation = generations.find((one) => one.id === id);
		const end = spans[index + 1]?.text ?? textBytes;
		return (
			end === spans[index]?.text || (generation && fileOf(generation, held.get(id))) !== undefined
		);
	});
	return areSound ? text : undefined;
}

openRpc<object, ScanApi>(threadChannel(parentPort), { serve: scanSchemas, local, call: {} });

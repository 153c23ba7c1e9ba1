import { isUtf8 } from 'node:buffer';
import { EntryFlag } from '#shared/model/entry.ts';
import { MAX_LINE_BYTES } from '../../log-sink.ts';
import { decodeEntry } from '../../pipeline/decode-entry.ts';
import type { DecodedEntry } from '../../pipeline/entry-decoder.ts';
import type { FormatGuess } from '../../pipeline/formats/table.ts';
import type { Mapping } from '#shared/model/mapping.ts';

/** What is known of an entry before it is decoded. */
export interface DecodeOptions {
	/** Microseconds since 1970. */
	readonly arrival: number;
	readonly mapping?: Mapping | undefined;
	/** What the source's entries before it were. */
	readonly guess?: FormatGuess | undefined;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Decodes the text of one entry as it stands in its log, blank lines around it and all. It is
 * quarantined if its first line is too long or no UTF-8: the others may come later, and must not
 * change what was counted.
 */
export function decodeBytes(
	bytes: Uint8Array,
	{ arrival, mapping, guess }: DecodeOptions,
): { readonly entries: readonly DecodedEntry[]; readonly text: string } {
	const start = bytes.findIndex((byte) => byte !== LF && byte !== CR);
	const from = Math.max(start, 0);
	const lineEnd = bytes.indexOf(LF, from);
	const head = bytes.subarray(from, lineEnd === -1 ? bytes.length : lineEnd);
	const isCut = head.length > MAX_LINE_BYTES + 1;
	const text = textOfEntry(bytes.subarray(from, from + MAX_LINE_BYTES));
	const context = { arrival, ...(mapping === undefined ? {} : { mapping }) };
	const entries = decodeEntry(text, context, guess);
	const reason = isCut ? LINE_IS_CUT : isUtf8(head) ? undefined : NOT_UTF8;
	if (reason === undefined) {
		return { entries, text };
	}
	const flags = EntryFlag.quarantined | (isCut ? EntryFlag.cutLine : 0);
	return {
		text,
		entries: entries.map((entry) => ({
			...entry,
			flags: entry.flags | flags,
			quarantine: reason,
		})),
	};
}

/** Characters that some encoder of JSON escapes: the parts between them stand in the text as they are. */
const ESCAPED_BY_SOME = /[^ !#$%()*,\-.0-:;?@A-[\]^_a-z{|}~]+/;

/** What is only white space goes on with an entry without being part of it. */
export function isBlankText(bytes: Uint8Array): boolean {
	return bufferOf(bytes).toString('utf8').trim() === '';
}

/** Whether each part of a message that is never escaped stands in the text, so that a filter knows it. */
export function standsIn(message: string, text: string): boolean {
	return (
		text.includes(message) || message.split(ESCAPED_BY_SOME).every((part) => text.includes(part))
	);
}

const NOT_UTF8 = 'It has bytes that are not UTF-8: they show as \ufffd.';

/** Why a line is quarantined that is cut. */
export const LINE_IS_CUT = `It is over ${new Intl.NumberFormat('en-US').format(MAX_LINE_BYTES)} bytes long: only its beginning is read.`;

/** The text of an entry without the blank lines before it and the line end behind it. */
export function textOfEntry(bytes: Uint8Array): string {
	return bufferOf(bytes)
		.toString('utf8')
		.replace(/^(?:\r?\n)+/, '')
		.replace(/(?:\r?\n)+$/, '');
}

/** The same bytes as a buffer. */
export function bufferOf(bytes: Uint8Array): Buffer {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

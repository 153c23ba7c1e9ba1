import * as v from 'valibot';

/** A first line that is longer than this is a record. */
export const MAX_HELLO_BYTES = 64 * 1024;

/** Characters of a name that are shown. */
const MAX_NAME = 80;

const lineNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

const helloSchema = v.pipe(
	v.object({
		hello: v.literal(1),
		/** The name to show. */
		source: v.optional(v.pipe(v.string(), v.transform(asName))),
		/** Identifies a run of the sender, whose lines are numbered from 1. */
		session: v.optional(
			v.pipe(
				v.string(),
				v.regex(/^[A-Za-z0-9-]{1,64}$/, 'session: expected 1–64 of A–Z, a–z, 0–9, -'),
			),
		),
		/** It keeps lines until they are acknowledged, and sends them again. */
		ack: v.optional(v.boolean(), false),
		/** The number of the oldest record it still has. */
		first: v.optional(lineNumber, 1),
		/** The number of the next record it will create. */
		next: v.optional(lineNumber),
		/** It wants to be sent lines: another companion. */
		connect: v.optional(v.boolean(), false),
	}),
	v.check(({ ack, session }) => !ack || session !== undefined, 'ack: needs a session'),
);
export type Hello = v.InferOutput<typeof helloSchema>;

/** What the first line of a connection is. */
export type FirstLine =
	| { readonly kind: 'hello'; readonly hello: Hello }
	| { readonly kind: 'record' }
	| { readonly kind: 'refused'; readonly reason: string };

/** Reads a first line, without its newline: only an object with `"hello":1` is no record. */
export function readFirstLine(line: Buffer): FirstLine {
	const value = line.length > MAX_HELLO_BYTES ? undefined : parse(line.toString());
	if (!v.is(v.object({ hello: v.literal(1) }), value)) {
		return { kind: 'record' };
	}
	const result = v.safeParse(helloSchema, value);
	return result.success
		? { kind: 'hello', hello: result.output }
		: { kind: 'refused', reason: `A hello could not be read (${result.issues[0].message})` };
}

/** The answer to a hello with `ack`: what is stored of its session. */
export function formatAnswer(last: number): string {
	return `${JSON.stringify({ hello: 1, last })}\n`;
}

/** What is stored by now. */
export function formatAck(last: number): string {
	return `${JSON.stringify({ ack: last })}\n`;
}

/** Our own hello where we connect: what we have of the sessions that may be there. */
export function formatConnectHello(resume: ReadonlyMap<string, number>): string {
	return `${JSON.stringify({ hello: 1, connect: true, resume: Object.fromEntries(resume) })}\n`;
}

function parse(text: string): unknown {
	if (!text.startsWith('{')) {
		return undefined;
	}
	try {
		return JSON.parse(text);
	} catch {
		return undefined; // a record of some other format
	}
}

/** A name fit to be shown; `undefined` if nothing is left of it. */
function asName(text: string): string | undefined {
	const name = text
		.toWellFormed()
		.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim();
	return name === '' ? undefined : [...name].slice(0, MAX_NAME).join('');
}

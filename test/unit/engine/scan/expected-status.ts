import { LineStatus } from '#engine/scan/scanner.ts';
import { parseJson } from '#shared/json/parse-json.ts';
import type { JsonNode } from '#shared/json/parse-json.ts';

type Node<K extends JsonNode['kind']> = Extract<JsonNode, { readonly kind: K }>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const STAMP =
	/^(\d{4}-\d\d-\d\d)[ T]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?([+-]([01]\d|2[0-3]):[0-5]\d|Z)?$/;

const TASK_KEYS = ['task_id', 'job_id', 'asyncz_task_id'];

/**
 * What a scanner has to say of a line, read with JSON's other readers: one or more of `LineStatus`,
 * more where it may be cautious.
 */
export function expectedStatus(line: Buffer): readonly number[] {
	const other = [LineStatus.other];
	const text = jsonText(line);
	const root = text === undefined ? undefined : parseJson(text);
	if (text === undefined || root?.kind !== 'object' || !isKnown(root, 1)) {
		return other;
	}
	const members = membersOf(root, text);
	const keys = [...members.keys()];
	const isShape =
		keys.length === root.members.length &&
		keys.every((key) => ['ts', 'level', 'message', 'logger', 'task_id', 'extra'].includes(key)) &&
		(members.has('task_id') || members.has('extra'));
	const textOf = (key: string): string | undefined => {
		const node = members.get(key);
		return node?.kind === 'string' ? text.slice(node.start + 1, node.end - 1) : undefined;
	};
	const [ts, level, logger] = [textOf('ts'), textOf('level'), textOf('logger')];
	const message = members.get('message');
	const isRecord =
		isShape &&
		isStamp(ts) &&
		/^[!-`{-~]{1,32}$/.test(level ?? '') &&
		!level?.includes('\\') &&
		isText(logger) &&
		message?.kind === 'string' &&
		hasRightTask(members, text, textOf('task_id')) &&
		!message.value.trimStart().startsWith('{') &&
		!message.value.trimStart().startsWith('\0');
	if (!isRecord) {
		return other;
	}
	const written = textOf('message') ?? '';
	const status = /^[ -~\x7f]*$/.test(written.replaceAll('\\', 'é'))
		? LineStatus.record
		: LineStatus.recordWithCoding;
	// In these rows of Unicode is white space; from there on a message may be an object for all it knows.
	const isDoubtful =
		/^[\s\b]*[\0-\x1f\x80-\xbf\u1680-\u16bf\u2000-\u207f\u3000-\u303f\ufec0-\ufeff]/.test(
			message.value,
		) ||
		/^ *\\u00[01]/.test(written) ||
		/^(?: |\\[bfnrt])*\\u0020/.test(written);
	return isDoubtful ? [status, LineStatus.other] : [status];
}

function jsonText(line: Buffer): string | undefined {
	try {
		const text = utf8.decode(line);
		JSON.parse(text);
		return text.startsWith('{') ? text : undefined;
	} catch {
		return undefined;
	}
}

/** Whether a value has no lone surrogate and is not too deep. */
function isKnown(node: JsonNode, depth: number): boolean {
	switch (node.kind) {
		case 'string':
			return node.value.isWellFormed();
		case 'array':
			return depth <= 100 && node.items.every((item) => isKnown(item, depth + 1));
		case 'object':
			return (
				depth <= 100 &&
				node.members.every(({ key, value }) => key.isWellFormed() && isKnown(value, depth + 1))
			);
		default:
			return true;
	}
}

/** Members by their keys as they were written. */
function membersOf(node: Node<'object'>, text: string): Map<string, JsonNode> {
	let end = node.start + 1;
	return new Map(
		node.members.map(({ value }) => {
			const before = text.slice(end, value.start).trim();
			end = value.end;
			return [before.slice(before.indexOf('"') + 1, before.lastIndexOf('"')), value];
		}),
	);
}

function isStamp(ts: string | undefined): boolean {
	const date = STAMP.exec(ts ?? '')?.[1];
	const year = Number(date?.slice(0, 4));
	const day = new Date(`${date}T00:00:00Z`);
	return (
		date !== undefined &&
		year >= 1970 &&
		year <= 2200 &&
		!Number.isNaN(day.getTime()) &&
		day.toISOString().startsWith(date)
	);
}

function isText(text: string | undefined): boolean {
	return text !== undefined && Buffer.byteLength(text) <= 200 && !text.includes('\\');
}

function hasRightTask(
	members: ReadonlyMap<string, JsonNode>,
	text: string,
	task: string | undefined,
): boolean {
	const node = members.get('task_id');
	if (task !== undefined) {
		return task !== '' && isText(task);
	}
	if (node !== undefined && (node.kind !== 'word' || node.text !== 'null')) {
		return false;
	}
	const extra = members.get('extra');
	const keys = extra?.kind === 'object' ? [...membersOf(extra, text).keys()] : [];
	return !keys.some((key) => TASK_KEYS.includes(key) || key.includes('\\'));
}

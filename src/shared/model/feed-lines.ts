/**
 * Lines in a journal, or in any log, that are no records but say something about them. Each is a
 * JSON object with this one key. A gap is shown as a gap, a refusal as a quarantined line.
 */

/** Records that nobody has any more: dropped by a sender, lost while nobody listened. */
export interface LostRecords {
	/** How many, where it is known. */
	readonly records?: number;
	/** Why, as the beginning of a sentence or all of it. */
	readonly reason: string;
	/** When the first and the last of them were written, or could have been, as AsyncZ writes times. */
	readonly from?: string;
	readonly to?: string;
}

/** Something that came over a socket and is no record. */
export interface RefusedFrame {
	/** Why it could not be read, as a sentence. */
	readonly reason: string;
	/** How long it was, … */
	readonly bytes?: number;
	/** … and its first bytes in hex. */
	readonly hex?: string;
}

/** The line that says that records are lost, without its line end. */
export function formatLostRecords(gap: LostRecords): string {
	return JSON.stringify({ gap });
}

/** The line that stands for what was refused, without its line end. */
export function formatRefusedFrame(refused: RefusedFrame): string {
	return JSON.stringify({ refused });
}

/** What a parsed line says about lost records; `undefined` if it is any other line. */
export function readLostRecords(line: unknown): LostRecords | undefined {
	const gap = onlyMember(line, 'gap');
	return gap !== undefined && hasOnly(gap, { reason: 'string', records: 'number', ...TIMES })
		? (gap as unknown as LostRecords)
		: undefined;
}

/** What a parsed line says about something refused; `undefined` if it is any other line. */
export function readRefusedFrame(line: unknown): RefusedFrame | undefined {
	const refused = onlyMember(line, 'refused');
	return refused !== undefined &&
		hasOnly(refused, { reason: 'string', bytes: 'number', hex: 'string' })
		? (refused as unknown as RefusedFrame)
		: undefined;
}

const TIMES = { from: 'string', to: 'string' };

type Members = Readonly<Record<string, unknown>>;

function onlyMember(line: unknown, key: string): Members | undefined {
	if (typeof line !== 'object' || line === null || !Object.hasOwn(line, key)) {
		return undefined;
	}
	const value = (line as Members)[key];
	return Object.keys(line).length === 1 && typeof value === 'object' && value !== null
		? { ...value }
		: undefined;
}

/** Whether there is a reason, and no member that is not known or is of another type; null is none. */
function hasOnly(members: Members, types: Readonly<Record<string, string>>): boolean {
	return (
		typeof members['reason'] === 'string' &&
		Object.entries(members).every(
			([key, value]) =>
				Object.hasOwn(types, key) && (value === null || typeof value === types[key]),
		)
	);
}

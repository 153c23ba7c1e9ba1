import { formatLostRecords } from '#shared/model/feed-lines.ts';

/** A break in a feed that the receiver knows of. */
export interface Gap {
	/** How many records are missing, if that is known. */
	readonly records?: number;
	/** What happened: a sentence without its full stop. */
	readonly reason: string;
	/** Between which moments, in milliseconds since 1970. */
	readonly fromMs?: number | undefined;
	readonly toMs?: number;
}

/** The line that stands for a break in a journal, as senders write it too. */
export function formatGapLine({ records, reason, fromMs, toMs }: Gap): Buffer {
	const line = formatLostRecords({
		...(records === undefined ? {} : { records }),
		reason,
		...(fromMs === undefined ? {} : { from: formatTime(fromMs) }),
		...(toMs === undefined ? {} : { to: formatTime(toMs) }),
	});
	return Buffer.from(`${line}\n`);
}

/** As AsyncZ writes times: `2026-11-26 10:00:00.123000+00:00`. */
function formatTime(ms: number): string {
	return new Date(ms).toISOString().replace('T', ' ').replace('Z', '000+00:00');
}

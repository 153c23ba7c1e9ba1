import type { ParsedRecord } from '../json-record.ts';
import type { MadeMessage } from './format.ts';
import { TASK_PATHS, defineFormat, paths } from './format.ts';
import { always, firstOf, scaled, syslogScale } from './levels.ts';

const TOO_LONG = 'MESSAGE is too long for this output of journalctl: add --all to see it.';

/** journalctl -o json. What the journal knows by itself has keys that begin with underscores. */
export const journald = defineFormat({
	name: 'journald',
	signs: ['__REALTIME_TIMESTAMP'],
	matches: (record) => '__REALTIME_TIMESTAMP' in record,
	time: paths('_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP'),
	level: firstOf(scaled(syslogScale, ['PRIORITY']), always('INFO')),
	message: paths('MESSAGE'),
	makeMessage,
	logger: paths('LOGGER', 'SYSLOG_IDENTIFIER'),
	task: [...paths('TASK_ID', 'JOB_ID', 'ASYNCZ_TASK_ID'), ...TASK_PATHS],
});

/** MESSAGE is an array of bytes if it is no text, and an array of messages if there are several. */
function makeMessage(record: ParsedRecord): MadeMessage | undefined {
	const message = record.value['MESSAGE'];
	if (message === null) {
		return { text: TOO_LONG, path: ['MESSAGE'] };
	}
	const texts = Array.isArray(message)
		? [textOfBytes(message) ?? message.map(textOfItem)].flat()
		: [];
	const known = texts.filter((text) => text !== undefined);
	return texts.length > 0 && known.length === texts.length
		? { text: known.join('\n'), path: ['MESSAGE'] }
		: undefined;
}

function textOfItem(value: unknown): string | undefined {
	return typeof value === 'string' ? value : textOfBytes(value);
}

/** Bytes that are not UTF-8 show as U+FFFD. */
function textOfBytes(value: unknown): string | undefined {
	return Array.isArray(value) && value.length > 0 && value.every(isByte)
		? new TextDecoder().decode(Uint8Array.from(value))
		: undefined;
}

function isByte(value: unknown): value is number {
	return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 255;
}

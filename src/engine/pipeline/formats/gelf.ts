import { stringAt } from '../json-record.ts';
import type { JsonRecord } from '../json-record.ts';
import { TASK_PATHS, defineFormat, isString, paths } from './format.ts';
import { always, firstOf, scaled, syslogScale } from './levels.ts';

/** Graylog's format. A sender that says no level means 1, ALERT: so says its specification. */
export const gelf = defineFormat({
	name: 'GELF',
	signs: ['short_message'],
	matches: (record) =>
		isString(record['short_message']) && ('host' in record || 'version' in record),
	time: paths('timestamp'),
	level: firstOf(scaled(syslogScale, ['level']), always('CRITICAL')),
	message: paths('short_message'),
	logger: paths('_logger', 'facility'),
	task: [...paths('_task_id', '_job_id', '_asyncz_task_id'), ...TASK_PATHS],
	exception,
});

/** The full message, where it has more lines than the short one; without that line. */
function exception(record: JsonRecord): string | undefined {
	const full = stringAt(record, ['full_message'])?.trimEnd();
	if (full === undefined || !full.includes('\n')) {
		return undefined;
	}
	const short = stringAt(record, ['short_message'])?.trimEnd() ?? '';
	return full.startsWith(`${short}\n`) ? full.slice(short.length + 1) : full;
}
